"""Companies, people, roles and plans; who may do what."""
