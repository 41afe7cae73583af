"""Settings of a home whose meters and listeners never answer."""

DEAD = """
[power.mqtt]
host = "127.0.0.1"
port = {port}

[[power.topics]]
topic = "meter"
stream = "grid"

[power.emoncms]
url = "http://127.0.0.1:{port}/"

[power.emoncms.feeds]
grid = 1

[power.powerwall]
host = "127.0.0.1"
port = {port}

[home_assistant]
enabled = true

[notifications.ntfy]
server = "http://127.0.0.1:{port}"
topic = "nobody-answers-here-0815"
"""
"""Lines of home.toml, with `port` of one that is dead or silent."""
