//! Hands what libFuzzer makes up to the target that the properties share.

#![no_main]

#[path = "../../protocol/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::codec(bytes));
