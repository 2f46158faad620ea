//! WeChat's answers.

use saoma_wechat::client::fuzzing::{read_as_every_answer, unionid_of_user_info};

pub(crate) const SEEDS: &[&[u8]] = &[
    br#"{"subscribe":1,"openid":"oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA","unionid":"o6_bmUnion","remark":"","tagid_list":[]}"#,
    br#"{"access_token":"T","expires_in":7200,"openid":"oWEB","scope":"snsapi_login","unionid":"o6_bm","is_snapshotuser":1}"#,
    br#"{"openid":"oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA","nickname":"a\ud83d\ude00\ud83d","headimgurl":"https:\/\/a\/132"}"#,
    br#"{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"+60123456780","purePhoneNumber":"123456780","countryCode":60,"watermark":{"timestamp":1,"appid":"wx1"}}}"#,
    br#"{"errcode":40164,"errmsg":"invalid ip 203.0.113.7, not in whitelist rid: 6740a1b2-1c2d3e4f-5a6b7c8d"}"#,
    br#"{"ticket":"gQ+/==","expire_seconds":"120","url":"http://weixin.qq.com/q/02"}"#,
    b"\\ud83d\\u12\\x\\\\\\ud83d\\ude00 \x01\xff\xed\xa0\x80",
];

/// No answer makes the reader panic, and no text in one takes another field away.
pub fn wechat_answers(data: &[u8]) {
    read_as_every_answer(data);
    let mut text: Vec<u8> = data.iter().copied().filter(|byte| *byte != b'"').collect();
    while text.last() == Some(&b'\\') {
        text.pop();
    }
    let answer = [br#"{"subscribe":1,"remark":""#, text.as_slice(), br#"","unionid":"o6_bmUnion"}"#].concat();
    let unionid = unionid_of_user_info(&answer);
    assert!(unionid.is_some(), "the unionid is lost: {}", answer.escape_ascii());
}
