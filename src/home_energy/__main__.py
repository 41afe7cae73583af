"""`python -m home_energy`: the command without its script, for processes of our own."""

from home_energy.cli import main

main()
