"""The first page: the price now, what it means, what comes next."""
