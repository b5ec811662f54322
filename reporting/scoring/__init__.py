"""The scoring engine: a scheme and its inputs in, results out; no database, no clock, exact decimals."""

ENGINE_VERSION = 1
