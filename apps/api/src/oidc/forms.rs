//! The proof that a form was made for a session, so that no other site can send it in a person's name.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    keys::{KeyRing, Purpose, ServerKey},
    session::SessionId,
};
use subtle::ConstantTimeEq;

/// Makes and checks the proofs of forms.
pub(crate) struct Forms(pub(crate) KeyRing);

impl Forms {
    /// Returns the proof of a form about something, for one session.
    pub(crate) fn proof(&self, session: SessionId, about: &str) -> String {
        written(self.0.current(), session, about)
    }

    /// Returns whether a proof is that of a form.
    pub(crate) fn is_proof(&self, shown: &str, session: SessionId, about: &str) -> bool {
        let is_by = |key| -> bool { written(key, session, about).as_bytes().ct_eq(shown.as_bytes()).into() };
        self.0.all().any(is_by)
    }
}

fn written(key: &ServerKey, session: SessionId, about: &str) -> String {
    let proof = key.derive(Purpose::OidcForm, &[session.to_string().as_bytes(), about.as_bytes()]);
    URL_SAFE_NO_PAD.encode(proof)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_of_one_session_and_one_form() {
        let forms = Forms(KeyRing::new(ServerKey::new([1; 32]), vec![]));
        let [anna, bert] = [[1; 16], [2; 16]].map(SessionId::from_store);
        let proof = forms.proof(anna, "logout");
        assert!(forms.is_proof(&proof, anna, "logout"));
        assert!(!forms.is_proof(&proof, bert, "logout") && !forms.is_proof(&proof, anna, "consent"));
        assert!(!forms.is_proof("", anna, "logout"));
        let rotated = Forms(KeyRing::new(ServerKey::new([2; 32]), vec![ServerKey::new([1; 32])]));
        assert!(rotated.is_proof(&proof, anna, "logout"));
    }
}
