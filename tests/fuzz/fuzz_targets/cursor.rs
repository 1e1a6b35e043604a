#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parere_fuzz::cursor(bytes));
