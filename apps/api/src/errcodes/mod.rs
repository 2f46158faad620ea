//! What error codes mean and what to do about them: those of WeChat, and those of our own answers.
//!
//! `saoma errcode` and the pages `docs/zh/errcodes.md` and `docs/en/errcodes.md` are made from the tables of the code.

mod own;

use saoma_sms::meaning;
use saoma_wechat::errcode::{self, Bilingual};

use crate::config::Language;

/// One code, in one language.
struct Entry {
    code: String,
    cause: &'static str,
    advice: &'static str,
}

/// Returns what a code means and what to do; `None` for an unknown one.
pub fn explain(code: &str, language: Language) -> Option<String> {
    let code = code.trim();
    let found =
        sections(language).into_iter().flat_map(|section| section.entries).find(|e| e.code == code)?;
    let [cause, advice] = match language {
        Language::Chinese => ["原因：", "处理："],
        Language::English => ["cause: ", "what to do: "],
    };
    Some(format!("{}\n{cause}{}\n{advice}{}", found.code, found.cause, found.advice))
}

/// Returns what is said of an unknown code.
pub fn unknown(code: &str, language: Language) -> String {
    match language {
        Language::Chinese => format!("Saoma 不认识错误码 {code}，请查阅微信的“全局返回码说明”"),
        Language::English => {
            format!("Saoma does not know the code {code}; look it up in WeChat's list of return codes")
        }
    }
}

/// Returns all codes as a page in Markdown.
pub fn page(language: Language) -> String {
    let (title, head) = match language {
        Language::Chinese => (
            "# 错误码\n\n[English](../en/errcodes.md)\n\n本页由程序生成（`saoma errcode --lang zh`），请不要手工修改。\
             在命令行上查一个错误码：`saoma errcode 40164`。\n",
            "| 错误码 | 原因 | 处理 |",
        ),
        Language::English => (
            "# Error codes\n\n[中文](../zh/errcodes.md)\n\nThis page is generated (`saoma errcode --lang en`); do not edit it. \
             To look one up on the command line: `saoma errcode 40164`.\n",
            "| code | cause | what to do |",
        ),
    };
    let mut page = title.to_owned();
    for section in sections(language) {
        page += &format!("\n## {}\n\n{head}\n| --- | --- | --- |\n", section.title);
        for Entry { code, cause, advice } in section.entries {
            page += &format!("| `{code}` | {cause} | {advice} |\n");
        }
    }
    page
}

struct CodeSection {
    title: &'static str,
    entries: Vec<Entry>,
}

fn sections(language: Language) -> Vec<CodeSection> {
    let text = |text: Bilingual| match language {
        Language::Chinese => text.zh,
        Language::English => text.en,
    };
    let wechat = errcode::all().map(|row| Entry {
        code: row.code.to_string(),
        cause: text(row.cause),
        advice: text(row.advice),
    });
    let own = own::all().map(|(code, cause, advice)| Entry {
        code: code.to_owned(),
        cause: text(cause),
        advice: text(advice),
    });
    let titles = match language {
        Language::Chinese => ["微信返回的错误码", "短信服务商的错误码", "Saoma 自己的错误码"],
        Language::English => ["Codes of WeChat", "Codes of SMS providers", "Codes of Saoma's own answers"],
    };
    let sms = meaning::codes().map(|(code, meaning)| {
        let explanation = meaning.explanation();
        let [cause, advice] = match language {
            Language::Chinese => explanation.zh,
            Language::English => explanation.en,
        };
        Entry { code: code.to_owned(), cause, advice }
    });
    let [of_wechat, of_sms, of_saoma] = titles;
    vec![
        CodeSection { title: of_wechat, entries: wechat.collect() },
        CodeSection { title: of_sms, entries: sms.collect() },
        CodeSection { title: of_saoma, entries: own.collect() },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the pages anew where `SAOMA_WRITE_DOCS` is set.
    #[test]
    fn the_pages_of_the_documentation_are_current() {
        for (language, name) in [(Language::Chinese, "zh"), (Language::English, "en")] {
            let path = format!("{}/../../docs/{name}/errcodes.md", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("SAOMA_WRITE_DOCS").is_some() {
                std::fs::write(&path, page(language)).unwrap();
            }
            let written = std::fs::read_to_string(&path).unwrap();
            assert_eq!(written, page(language), "run `just errcodes`");
        }
    }

    #[test]
    fn a_code_is_explained_in_both_languages() {
        let chinese = explain("40164", Language::Chinese).unwrap();
        assert!(chinese.starts_with("40164\n原因：") && chinese.contains("白名单"), "{chinese}");
        let english = explain(" 40164 ", Language::English).unwrap();
        assert!(english.contains("whitelist") && english.contains("what to do: "), "{english}");
        assert!(explain("phone_taken", Language::English).is_some());
        assert_eq!(explain("99999", Language::English), None);
    }

    #[test]
    fn no_entry_breaks_its_row() {
        for language in [Language::Chinese, Language::English] {
            for entry in sections(language).into_iter().flat_map(|section| section.entries) {
                assert!(!format!("{}{}", entry.cause, entry.advice).contains(['|', '\n']), "{}", entry.code);
            }
        }
    }
}
