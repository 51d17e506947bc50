"""Pages for people: each view reads the request, makes one call and renders."""
