use std::path::PathBuf;
pub(crate) async fn run(_program: PathBuf, _rows: u64) {}
