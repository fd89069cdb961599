//! A strict stand-in for Google.
