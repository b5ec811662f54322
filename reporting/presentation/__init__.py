"""What the report pages show, made out of drafts, lines and forms: frozen rows and sentences. No queries here."""
