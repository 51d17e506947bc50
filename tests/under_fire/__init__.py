"""Real workers, a real PostgreSQL and a real sandbox, while all of them are killed, frozen and cut every few seconds.

    PYTHONPATH=src:tests python -m under_fire --minutes 30 --seed 1

Time runs faster for all of them (see keito_books/syncing/clock.py), or each look-up would wait for ten minutes.
"""
