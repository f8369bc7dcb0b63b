"""Making and starting a node: its folder, its clients, its server process."""
