#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saoma_fuzz::phone_numbers(data));
