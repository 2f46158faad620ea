//! What a command says: its result on the standard output, complaints on standard error.

#[expect(clippy::print_stdout, reason = "the result of a command goes to the standard output")]
pub(super) fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command complains on standard error")]
pub(super) fn complain(text: &str) {
    eprintln!("saoma: {text}");
}

/// Writes a part of a report on standard error as it is.
#[expect(clippy::print_stderr, reason = "a report of progress goes to standard error")]
pub(super) fn note(text: &str) {
    eprint!("{text}");
}
