//! The keys that sign tokens.

use super::{Finding, Text};
use crate::config::{Config, ConfiguredKey, SigningAlgorithm};

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let (used, keys) = (config.signing_algorithms(), &config.signing.keys);
    let of = |algorithm: SigningAlgorithm| {
        keys.iter().filter(move |key: &&ConfiguredKey| key.key.algorithm() == algorithm)
    };
    let mut findings: Vec<Finding> =
        used.iter().map(|algorithm| signed_with(config, *algorithm, of(*algorithm).count())).collect();
    let idle = SigningAlgorithm::ALL.into_iter().filter(|algorithm| !used.contains(algorithm));
    for key in idle.flat_map(of) {
        let name = key.key.algorithm().name();
        findings.push(Finding::warning(
            "signing.keys",
            Text::new(
                format!("nothing is signed with {name}, and there is a key for it"),
                format!("没有什么用 {name} 签名，却配置了它的密钥"),
            ),
            Text::new(
                "take the key away, or set `algorithm` of [[tokens]] to it",
                "删掉这把密钥，或把 [[tokens]] 的 `algorithm` 改成它",
            ),
        ));
    }
    findings
}

fn signed_with(config: &Config, algorithm: SigningAlgorithm, keys: usize) -> Finding {
    let (name, days) = (algorithm.name(), config.signing.rotate.as_secs() / (24 * 60 * 60));
    if keys == 0 {
        return Finding::ok(
            "signing.keys",
            format!(
                "{name}: the nodes make a key, share it in the database, and make the next one in {days} days"
            ),
            format!("{name}：各节点自己生成密钥，存进数据库共用，{days} 天换一次"),
        );
    }
    Finding::ok(
        "signing.keys",
        format!("{name}: {keys} of the configuration; /oauth2/jwks publishes them"),
        format!("{name}：配置里有 {keys} 把，由 /oauth2/jwks 公布"),
    )
}
