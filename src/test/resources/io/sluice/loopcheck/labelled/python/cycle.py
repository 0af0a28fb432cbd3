import itertools

for c in itertools.cycle("|/-"):
    spin(c)
