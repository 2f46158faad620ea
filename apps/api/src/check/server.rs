//! What needs nothing but the configuration and this machine.

use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr, TcpListener},
};

use rustix::process::{Resource, getrlimit};
use secrecy::ExposeSecret;
use url::{Host, Url};

use super::{Finding, Text};
use crate::config::{Config, VerifyFiles};

/// Fewer open files are few for a service: each client that waits has one.
const FEW_FILES: u64 = 4096;

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let server = &config.server;
    let mut findings = vec![
        listener("server.listen", server.listen),
        listener("server.admin_listen", server.admin_listen),
        open_files(),
    ];
    findings.extend(public_url(config));
    if server.listen == server.admin_listen && server.listen.port() != 0 {
        findings.push(Finding::wrong(
            "server.admin_listen",
            Text::new("it is the same address as server.listen", "与 server.listen 是同一个地址"),
            Text::new("give it a port of its own, such as 9090", "换一个端口，例如 9090"),
        ));
    }
    if server.admin_listen.ip().is_unspecified() {
        findings.push(Finding::warning(
            "server.admin_listen",
            Text::new("metrics listen on every address of this machine", "运维接口监听了本机所有地址"),
            Text::new(
                "listen on 127.0.0.1 or an inner address, or let a firewall keep the public out",
                "改为监听 127.0.0.1 或内网地址，或用防火墙挡住公网",
            ),
        ));
    }
    if server.is_https() && server.listen.ip().is_loopback() && server.trusted_proxies.is_empty() {
        findings.push(Finding::warning(
            "server.trusted_proxies",
            Text::new(
                "empty, though a proxy stands before the service: all clients count as one address",
                "没有设置，但前面有反向代理：所有用户会被当成同一个地址，很快触发限流",
            ),
            Text::new(
                "set it to the proxy's address, such as [\"127.0.0.1/32\"]",
                "填反向代理的地址，例如 [\"127.0.0.1/32\"]",
            ),
        ));
    }
    if config.limits.sms_per_day == 0 {
        findings.push(Finding::warning(
            "limits.sms_per_day",
            Text::new("off: nothing stops who pumps SMS at your cost", "已关闭：有人盗刷短信时没有上限"),
            Text::new("set it to what a busy day needs", "设为高峰日的用量"),
        ));
    }
    findings.extend(verify_files(&config.wechat.verify_files));
    findings
}

fn listener(key: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(key, format!("{address} can be listened on"), format!("{address} 可以监听")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::ok(
            key,
            format!("{address} is in use, which is right if this service is running already"),
            format!("{address} 已被占用；如果 Saoma 正在运行，这是正常的"),
        ),
        Err(error) => Finding::wrong(
            key,
            Text::new(
                format!("{address} cannot be listened on: {error}"),
                format!("{address} 不能监听：{error}"),
            ),
            if error.kind() == ErrorKind::PermissionDenied {
                Text::new(
                    "take a port over 1023, and let a proxy have 80 and 443",
                    "换成 1023 以上的端口，80 和 443 交给反向代理",
                )
            } else {
                Text::new("take an address of this machine", "换成本机有的地址")
            },
        ),
    }
}

fn open_files() -> Finding {
    let limit = getrlimit(Resource::Nofile);
    let files = limit.maximum.unwrap_or(u64::MAX);
    if files >= FEW_FILES {
        return Finding::ok(
            "ulimit -n",
            format!("{files} open files are allowed"),
            format!("允许打开 {files} 个文件"),
        );
    }
    Finding::warning(
        "ulimit -n",
        Text::new(format!("only {files} open files are allowed"), format!("只允许打开 {files} 个文件")),
        Text::new(
            "set LimitNOFILE=65536 in the unit, or ulimits in compose",
            "在 systemd 里设 LimitNOFILE=65536，或在 compose 里设 ulimits",
        ),
    )
}

fn public_url(config: &Config) -> Vec<Finding> {
    let (url, key) = (&config.server.public_url, "server.public_url");
    let mut findings = Vec::new();
    let is_real_wechat = is_wechat(&config.wechat.api_base);
    let is_local = is_local(url);
    if url.scheme() == "http" && !is_local {
        findings.push(Finding::warning(
            key,
            Text::new("it is http: sessions can be read on their way", "用的是 http：会话在网络上是明文"),
            Text::new(
                "put a proxy with TLS before the service and write https here",
                "前面加一层 TLS 反向代理，这里写 https",
            ),
        ));
    }
    if is_real_wechat && is_local && !config.wechat.apps.is_empty() {
        findings.push(Finding::warning(
            key,
            Text::new(
                "WeChat cannot reach a local address: no scan will arrive",
                "微信访问不到本机地址：扫码事件不会到达",
            ),
            Text::new(
                "use a public host, or a tunnel for a test account",
                "换成公网域名；测试号可以用内网穿透",
            ),
        ));
    }
    if is_real_wechat && !is_local && !matches!(url.port_or_known_default(), Some(80 | 443)) {
        findings.push(Finding::wrong(
            key,
            Text::new("WeChat calls ports 80 and 443 only", "微信只回调 80 和 443 端口"),
            Text::new(
                "let a proxy listen on 443 and leave the port out here",
                "让反向代理监听 443，这里不写端口",
            ),
        ));
    }
    if config.server.is_https() && !is_real_wechat {
        findings.push(Finding::warning(
            "wechat.api_base",
            Text::new(
                "it is no address of WeChat, though the site is public",
                "不是微信的地址，而站点是公网的",
            ),
            Text::new(
                "leave it out, unless this is a rehearsal with a simulated WeChat",
                "去掉它；用模拟微信演练时除外",
            ),
        ));
    }
    findings
}

/// Returns whether a URL is one of WeChat's.
pub(super) fn is_wechat(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with(".weixin.qq.com") || host.ends_with(".wechat.com"))
}

/// Returns whether nothing but this machine, or its network, can reach a URL.
pub(super) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.ends_with(".localhost") || name.ends_with(".local")
        }
        Some(Host::Ipv4(address)) => is_local_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_local_address(IpAddr::V6(address)),
        None => true,
    }
}

fn is_local_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

fn verify_files(files: &VerifyFiles) -> Option<Finding> {
    let key = "wechat.verify_files";
    let VerifyFiles::Folder(folder) = files else { return None };
    let names = std::fs::read_dir(folder).map(|entries| {
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.filter(|name| VerifyFiles::is_name(name)).collect::<Vec<_>>()
    });
    Some(match names {
        Ok(names) if !names.is_empty() => {
            let names = names.join(", ");
            Finding::ok(key, format!("served: {names}"), format!("已提供：{names}"))
        }
        Ok(_) => Finding::warning(
            key,
            Text::new(
                format!("{} has no MP_verify_….txt", folder.display()),
                format!("{} 里没有 MP_verify_….txt", folder.display()),
            ),
            Text::new(
                "put the file there that WeChat's console gives, under its own name",
                "把微信后台下载的校验文件原名放进去，不要改名",
            ),
        ),
        Err(error) => Finding::wrong(
            key,
            Text::new(format!("it cannot be read: {error}"), format!("不能读取：{error}")),
            Text::new("let the service's user read the folder", "让运行 Saoma 的用户能读这个目录"),
        ),
    })
}

/// Returns whether nodes share the store.
pub(super) fn is_shared(config: &Config) -> bool {
    config.store.url.expose_secret() != "memory://"
}
