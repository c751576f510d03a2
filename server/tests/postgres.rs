//! What resume.rs tells, on PostgreSQL: by the same code, which asks for the name of this file.

#[path = "resume.rs"]
mod resume;
