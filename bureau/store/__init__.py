"""The centre's store: tables, sessions, migrations."""
