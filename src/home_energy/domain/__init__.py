"""The vocabulary: values and the few rules that hold everywhere."""
