"""From what a car remembers, or a profile, to trips: when it is away, what it takes."""
