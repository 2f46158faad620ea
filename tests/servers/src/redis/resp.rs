//! The little of Redis's protocol that setting servers up takes.

use std::{
    io::{BufRead, BufReader, Error, Read, Result, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

const LIMIT: Duration = Duration::from_secs(2);

/// Sends one command to a server and returns its answer, the elements of an array one a line.
pub(super) fn ask(port: u16, command: &[&str]) -> Result<String> {
    ask_with(port, None, command)
}

/// Sends one command as [`ask`] does, after the password that the server wants.
pub(super) fn ask_with(port: u16, password: Option<&str>, command: &[&str]) -> Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    if let Some(password) = password {
        stream.write_all(&written(&["AUTH", password]))?;
        read(&mut answers, &mut String::new())?;
    }
    stream.write_all(&written(command))?;
    let mut answer = String::new();
    read(&mut answers, &mut answer)?;
    Ok(answer)
}

fn written(command: &[&str]) -> Vec<u8> {
    let mut request = format!("*{}\r\n", command.len());
    for word in command {
        request += &format!("${}\r\n{word}\r\n", word.len());
    }
    request.into_bytes()
}

fn read(stream: &mut BufReader<TcpStream>, answer: &mut String) -> Result<()> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let line = line.trim_end();
    let Some((kind, rest)) = line.split_at_checked(1) else {
        return Err(Error::other("the connection was closed"));
    };
    match kind {
        "-" => return Err(Error::other(rest.to_owned())),
        "*" => {
            for _ in 0..rest.parse::<u32>().unwrap_or(0) {
                read(stream, answer)?;
            }
        }
        "$" => {
            if let Ok(length) = rest.parse::<usize>() {
                let mut text = vec![0; length + "\r\n".len()];
                stream.read_exact(&mut text)?;
                answer.push_str(&String::from_utf8_lossy(&text).replace("\r\n", "\n"));
            }
        }
        _ => {
            answer.push_str(rest);
            answer.push('\n');
        }
    }
    Ok(())
}

/// Returns `Ok` when the answer to a command has all of these lines, and else the answer.
pub(super) fn says(port: u16, command: &[&str], lines: &[&str]) -> std::result::Result<(), String> {
    has_lines(ask(port, command), lines)
}

/// Returns `Ok` when an answer has all of these lines, and else the answer.
pub(super) fn has_lines(answer: Result<String>, lines: &[&str]) -> std::result::Result<(), String> {
    let answer = answer.map_err(|error| error.to_string())?;
    let has = |wanted: &&str| answer.contains(&format!("{wanted}\n"));
    if lines.iter().all(has) { Ok(()) } else { Err(answer) }
}
