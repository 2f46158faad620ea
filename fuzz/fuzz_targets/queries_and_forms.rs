#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saoma_fuzz::queries_and_forms(data));
