"""How bright the panel is, told over a socket and written to the kernel."""
