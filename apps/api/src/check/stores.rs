//! Redis and the database.

use std::sync::Arc;

use saoma_domain::{
    ports::{Clock, Random},
    time::Timestamp,
};
#[cfg(feature = "redis")]
use saoma_redis::{RedisFacts, RedisStore};
use secrecy::ExposeSecret;

use super::{Finding, Text, server::is_shared};
use crate::{
    adapters::StoreAdapters,
    config::Config,
    node::{OsRandom, SystemClock},
};

/// Clocks may differ by so many seconds.
const CLOCKS_DIFFER_S: i64 = 2;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = store(config).await;
    if is_shared(config) && config.database.url.expose_secret().starts_with("sqlite") {
        findings.push(Finding::warning(
            "database.url",
            Text::new(
                "SQLite is for one node, though store.url is a Redis that nodes share",
                "SQLite 只适合单节点，而 store.url 是多节点共用的 Redis",
            ),
            Text::new("use PostgreSQL or MySQL for several nodes", "多节点请用 PostgreSQL 或 MySQL"),
        ));
    }
    findings.extend(database(config).await);
    findings.extend(open_file(config));
    findings
}

/// Says that the file of an SQLite database is not the service's alone.
fn open_file(config: &Config) -> Option<Finding> {
    let path = saoma_db::readable_by_others(config.database.url.expose_secret())?;
    let (path, advice) = (path.display(), format!("chmod 600 {}*", path.display()));
    Some(Finding::warning(
        "database.url",
        Text::new(
            format!("every user of this machine can read {path}, which has what is known of persons"),
            format!("本机所有用户都能读 {path}，里面有用户的个人信息"),
        ),
        Text::new(advice.clone(), advice),
    ))
}

async fn store(config: &Config) -> Vec<Finding> {
    let key = "store.url";
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom::default());
    let store = StoreAdapters::connect(&config.store, &config.server.keys, &clock, &random).await;
    let cause = match store {
        Err(error) => error.to_string(),
        Ok(store) => match store.health.ping().await {
            Ok(()) => {
                let answers = Finding::ok(key, "it answers", "有应答");
                #[cfg(feature = "redis")]
                if let Some(redis) = &store.redis {
                    return [vec![answers], facts_of(redis).await].concat();
                }
                return vec![answers];
            }
            Err(error) => error.to_string(),
        },
    };
    let advice = store_advice(&cause);
    vec![Finding::wrong(key, Text::new(cause.clone(), cause), advice)]
}

/// Says what to do about a cause, in Redis's or the system's words.
fn store_advice(cause: &str) -> Text {
    let lower = cause.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["noauth", "wrongpass", "authentication"]) {
        Text::new(
            "give the password in store.url: redis://:password@host:6379 (percent-encoded), or by store.url_file",
            "在 store.url 里写密码：redis://:密码@主机:6379（特殊字符要百分号编码），或用 store.url_file",
        )
    } else if has(&["noperm"]) {
        Text::new(
            "give the user of Redis the commands and the prefix saoma:*",
            "给这个 Redis 用户授权命令和 saoma:* 前缀",
        )
    } else if has(&["readonly", "misconf", "noreplicas", "refuses writes"]) {
        Text::new("use the primary, and see why it takes no writes", "连到主节点，并检查它为什么不能写")
    } else if has(&["refused"]) {
        Text::new("start Redis, or correct host and port", "启动 Redis，或改正主机和端口")
    } else if has(&["timed out", "no answer", "timeout"]) {
        Text::new("see whether a firewall stands between", "检查中间的防火墙或安全组")
    } else if has(&["lookup", "resolve", "name or service"]) {
        Text::new("correct the host's name", "改正主机名")
    } else if has(&["tls", "certificate"]) {
        Text::new(
            "use rediss:// only where Redis has TLS, with a certificate that this system trusts",
            "只有 Redis 开了 TLS 才用 rediss://，并确认本机信任它的证书",
        )
    } else {
        Text::new(
            "see that Redis runs and that store.url names it",
            "确认 Redis 在运行，且 store.url 写的是它",
        )
    }
}

#[cfg(feature = "redis")]
async fn facts_of(store: &RedisStore) -> Vec<Finding> {
    let key = "store.url";
    let Ok(RedisFacts { version, eviction, persists }) = store.facts().await else {
        return Vec::new();
    };
    let mut findings = vec![Finding::ok(
        key,
        format!(
            "Redis {version}; eviction: {eviction}; persistence: {}",
            if persists { "on" } else { "off" }
        ),
        format!(
            "Redis {version}；淘汰策略 {eviction}；持久化{}",
            if persists { "已开" } else { "未开（没关系）" }
        ),
    )];
    if eviction.starts_with("allkeys") {
        findings.push(Finding::warning(
            key,
            Text::new(
                format!("maxmemory-policy {eviction} removes SMS codes and limits that are still needed"),
                format!("maxmemory-policy {eviction} 会淘汰还要用的验证码和限流计数"),
            ),
            Text::new("set maxmemory-policy noeviction, or volatile-ttl", "设为 noeviction 或 volatile-ttl"),
        ));
    }
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or(u32::MAX);
    if major < 5 {
        findings.push(Finding::warning(
            key,
            Text::new(
                format!("Redis {version} is no longer maintained"),
                format!("Redis {version} 已停止维护"),
            ),
            Text::new("use Redis 6 or newer, or Valkey", "请用 Redis 6 以上，或 Valkey"),
        ));
    }
    findings
}

async fn database(config: &Config) -> Vec<Finding> {
    let (key, url) = ("database.url", config.database.url.expose_secret());
    let looked = async {
        let database = saoma_db::connect(url).await.map_err(|error| error.to_string())?;
        let advice = saoma_db::advice(url).await.map_err(|error| error.to_string())?;
        let pending = database.migrations_pending().await.map_err(|error| error.to_string())?.len();
        if pending == 0 {
            database.ping().await.map_err(|error| error.to_string())?;
        }
        let facts = database.facts().await.map_err(|error| error.to_string())?;
        Ok::<_, String>((pending, advice, facts))
    };
    let (pending, advice, facts) = match looked.await {
        Ok(found) => found,
        Err(cause) => {
            let advice = database_advice(&cause);
            return vec![Finding::wrong(key, Text::new(cause.clone(), cause), advice)];
        }
    };
    let now = facts.as_ref().and_then(|facts| facts.now);
    let what = facts.map_or_else(String::new, |facts| facts.version);
    let mut findings = vec![match (pending, advice) {
        (_, Some(advice)) => Finding::warning(
            key,
            Text::new(format!("{what}; {advice}"), format!("{what}；{advice}")),
            Text::new("set what is named", "按提示设置"),
        ),
        (0, None) => {
            Finding::ok(key, format!("{what}; its tables are up to date"), format!("{what}；表结构是最新的"))
        }
        (pending, None) => Finding::ok(
            key,
            format!("{what}; {pending} changes of its tables will be made at the start"),
            format!("{what}；启动时会执行 {pending} 个表结构变更"),
        ),
    }];
    findings.extend(now.map(|theirs| clock(theirs, SystemClock.now())));
    findings
}

/// Compares this machine's clock with the database's: nodes judge deadlines by their own, so all have to agree.
fn clock(theirs: Timestamp, ours: Timestamp) -> Finding {
    let key = "database.url";
    let ahead = ours.as_secs() - theirs.as_secs();
    if ahead.abs() <= CLOCKS_DIFFER_S {
        return Finding::ok(key, "its clock and this machine's agree", "它的时钟与本机一致");
    }
    Finding::warning(
        key,
        Text::new(
            format!("this machine's clock is {ahead} s ahead of the database's"),
            format!("本机时钟比数据库快 {ahead} 秒"),
        ),
        Text::new("let both follow NTP", "两边都开启 NTP 对时"),
    )
}

fn database_advice(cause: &str) -> Text {
    let lower = cause.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["does not exist"]) && has(&["directory"]) {
        Text::new(
            "make the directory, and let the service's user write there",
            "先创建这个目录，并让运行 Saoma 的用户可写",
        )
    } else if has(&["cannot be written", "readonly", "permission denied"]) {
        Text::new(
            "let the service's user write the file and its directory",
            "让运行 Saoma 的用户能写这个文件和它所在的目录",
        )
    } else if has(&["password", "access denied", "authentication"]) {
        Text::new(
            "correct user and password in database.url, percent-encoded, or use database.url_file",
            "改正 database.url 里的用户名和密码（特殊字符要百分号编码），或用 database.url_file",
        )
    } else if has(&["does not exist", "unknown database"]) {
        Text::new("make the database: CREATE DATABASE …", "先建库：CREATE DATABASE …")
    } else if has(&["tls", "certificate", "ssl"]) {
        Text::new("see sslmode and sslrootcert in the URL", "检查 URL 里的 sslmode 和 sslrootcert")
    } else if has(&["refused"]) {
        Text::new("start the server, or correct host and port", "启动数据库，或改正主机和端口")
    } else if has(&["not a database", "malformed"]) {
        Text::new("name another file: this one is no SQLite database", "换一个文件：这不是 SQLite 数据库")
    } else {
        Text::new(
            "see that the server runs and that database.url names it",
            "确认数据库在运行，且 database.url 写的是它",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_differs_is_told_by_how_much() {
        let at = Timestamp::from_secs;
        let said = |theirs, ours| format!("{:?}", clock(at(theirs), at(ours)));
        assert!(said(100, 102).contains("agree"), "{}", said(100, 102));
        assert!(said(100, 103).contains("3 s ahead"), "{}", said(100, 103));
        assert!(said(103, 100).contains("-3 s ahead"), "{}", said(103, 100));
    }
}
