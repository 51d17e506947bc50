"""Run the production code against the sandbox in one process, with a virtual clock and a seed that decides all."""
