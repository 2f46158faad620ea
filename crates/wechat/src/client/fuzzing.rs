//! What the fuzz targets reach of the inside. Compiled with the feature `fuzzing` only.

use saoma_domain::wechat::{OpenId, RawUnionId};

use super::answer::{Answer, read};
use super::api::Call;
use super::calls;
use super::failure::CallFailure;

/// Reads bytes as the answer of every call.
pub fn read_as_every_answer(bytes: &[u8]) {
    fn read_for<A: Answer>(_: &Call<A>, bytes: &[u8]) -> Result<A, CallFailure> {
        A::read(bytes)
    }
    let at = saoma_domain::time::Timestamp::from_secs(1_763_610_000);
    let openid = OpenId::parse("oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA");
    let _ = read_for(&calls::STABLE_TOKEN, bytes).and_then(|answer| answer.into_token(at).map(drop));
    let _ = read_for(&calls::QR_CREATE, bytes).and_then(|answer| answer.into_ticket("https://m").map(drop));
    let _ = read_for(&calls::OAUTH_TOKEN, bytes).and_then(|answer| answer.into_grant().map(drop));
    let _ = read_for(&calls::JS_CODE, bytes).and_then(|answer| answer.into_user().map(drop));
    let _ = read_for(&calls::PHONE_NUMBER, bytes).and_then(|answer| answer.into_number("wx1").map(drop));
    let _ = read_for(&calls::LOGIN_CODE, bytes);
    if let (Ok(answer), Ok(openid)) = (read_for(&calls::OAUTH_USER_INFO, bytes), openid) {
        let _ = answer.into_told(&openid);
    }
    let _ = unionid_of_user_info(bytes);
}

/// Reads the unionid of an answer about a follower.
pub fn unionid_of_user_info(bytes: &[u8]) -> Option<RawUnionId> {
    let answer = read::<calls::UserInfoAnswer>(bytes).ok()?;
    answer.into_follower().ok()?.unionid
}
