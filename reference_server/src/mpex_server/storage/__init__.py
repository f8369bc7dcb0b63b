"""Storage: tables, engine, unit of work, and the one repository of encrypted documents."""
