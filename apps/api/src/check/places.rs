//! The files that say where addresses are.

use saoma_domain::nearness::WhenElsewhere;
use saoma_geo::{Family, PlaceFileError, PlaceFiles, Xdb};

use super::{Finding, Text};
use crate::{config::Config, dto::rfc3339};

const KEY: &str = "geo.file";

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let paths = &config.geo.files;
    if paths.is_empty() {
        return unknown(config);
    }
    match PlaceFiles::open(paths) {
        Ok(places) => {
            let found = paths.iter().zip(places.files());
            found.map(|(path, file)| loaded(&path.display().to_string(), file)).collect()
        }
        Err(error) => vec![refused(&error)],
    }
}

/// Warns of rules about places where no place is known.
fn unknown(config: &Config) -> Vec<Finding> {
    let apps = config.wechat.apps.iter().filter(|app| app.chat.elsewhere != WhenElsewhere::Say);
    let names: Vec<&str> = apps.map(|app| app.name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let names = names.join(", ");
    vec![Finding::warning(
        KEY,
        Text::new(
            format!("not set, and `elsewhere` of {names} goes by places: it does nothing"),
            format!("没有设置，而 {names} 的 elsewhere 要靠它判断地点：现在不起作用"),
        ),
        Text::new(
            "set geo.file, or bring `Places` of your own where Saoma is embedded",
            "设置 geo.file；嵌入使用时也可以提供自己的 Places",
        ),
    )]
}

fn loaded(path: &str, file: &Xdb) -> Finding {
    let family = match file.family() {
        Family::Ipv4 => "IPv4",
        Family::Ipv6 => "IPv6",
    };
    let made = rfc3339(file.made());
    let (date, entries) = (made.get(..10).unwrap_or(&made), file.entries());
    Finding::ok(
        KEY,
        format!("{path}: {family}, {entries} ranges of addresses, made on {date}"),
        format!("{path}：{family}，{entries} 个地址段，生成于 {date}"),
    )
}

fn refused(error: &PlaceFileError) -> Finding {
    let advice = match error {
        PlaceFileError::Unreadable { .. } => Text::new(
            "correct the path, or let the service's user read the file",
            "改正路径，或让运行 Saoma 的用户能读这个文件",
        ),
        PlaceFileError::TooLarge { .. } | PlaceFileError::Malformed { .. } => Text::new(
            "take ip2region_v4.xdb or ip2region_v6.xdb of github.com/lionsoul2014/ip2region, and download it whole: in a \
             clone without Git LFS there is a pointer in its place",
            "用 github.com/lionsoul2014/ip2region 的 ip2region_v4.xdb 或 ip2region_v6.xdb，重新完整下载：没装 Git LFS \
             时克隆下来的只是一个指针文件",
        ),
        PlaceFileError::Twice { .. } => {
            Text::new("name one of IPv4 and one of IPv6", "IPv4 和 IPv6 的文件各写一个")
        }
    };
    Finding::wrong(KEY, Text::new(error.to_string(), error.to_string()), advice)
}
