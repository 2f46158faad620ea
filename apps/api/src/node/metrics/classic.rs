//! The classic text format of Prometheus, for scrapers that do not ask for `OpenMetrics`.

/// Writes `OpenMetrics` text in the classic format: counters and info are described by the names of their series, and units and the
/// mark of the end do not exist.
pub(super) fn classic(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = None;
    for line in open_metrics.lines() {
        if let Some(described) = line.strip_prefix("# HELP ") {
            help = described.split_once(' ');
        } else if let Some((name, kind)) =
            line.strip_prefix("# TYPE ").and_then(|typed| typed.split_once(' '))
        {
            let (suffix, kind) = match kind {
                "counter" => ("_total", "counter"),
                "info" => ("_info", "gauge"),
                other => ("", other),
            };
            if let Some((_, words)) = help.take() {
                text += &format!("# HELP {name}{suffix} {words}\n");
            }
            text += &format!("# TYPE {name}{suffix} {kind}\n");
        } else if !line.starts_with("# UNIT ") && line != "# EOF" {
            text += line;
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_described_by_their_own_names() {
        let open = "# HELP x_logins Logins.\n# TYPE x_logins counter\nx_logins_total 1\n# HELP x_t_seconds Time.\n\
                    # TYPE x_t_seconds histogram\n# UNIT x_t_seconds seconds\nx_t_seconds_count 0\n# EOF\n";
        let expected = "# HELP x_logins_total Logins.\n# TYPE x_logins_total counter\nx_logins_total 1\n\
                        # HELP x_t_seconds Time.\n# TYPE x_t_seconds histogram\nx_t_seconds_count 0\n";
        assert_eq!(classic(open), expected);
    }
}
