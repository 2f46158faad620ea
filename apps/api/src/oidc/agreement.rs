//! Asking the person whether a client may have what it asks for, and what they answered.

use actix_web::{HttpRequest, HttpResponse};
use saoma_domain::{oidc::AuthorizeError as Error, ports::ActiveSession};

use super::{OpenIdProvider, authorization::Asked, authorization::Stopped, read_parameters};
use crate::extract::Caller;

impl OpenIdProvider {
    /// Asks the person.
    pub(super) fn ask(&self, http: &HttpRequest, asked: &Asked<'_>, active: &ActiveSession) -> HttpResponse {
        let mut request = url::form_urlencoded::Serializer::new(String::new());
        let request = request.extend_pairs(asked.parameters.pairs()).finish();
        let proof = self.forms.proof(active.session.id, &request);
        let action = self.mount.path("/oauth2/consent");
        self.pages.consent(http, &action, asked.client, &asked.request, active, [&request, &proof])
    }

    /// Takes the person's answer.
    pub(crate) async fn answered(&self, http: &HttpRequest, sent: String, caller: Caller) -> HttpResponse {
        match self.try_answered(http, &sent, caller).await {
            Ok(answer) => answer,
            Err(Stopped(answer)) => *answer,
        }
    }

    async fn try_answered(
        &self,
        http: &HttpRequest,
        sent: &str,
        caller: Caller,
    ) -> Result<HttpResponse, Stopped> {
        let form = read_parameters(sent);
        let get = |name| form.get(name).ok().flatten().unwrap_or_default();
        let (request, proof, decision) = (get("request"), get("proof"), get("decision"));
        // Which session it is, and that the form comes from a page of this site.
        let changing = self.credentials.changing(http).await;
        let active = changing.map_err(|_| self.pages.form_is_over(http))?;
        if !self.forms.is_proof(proof, active.session.id, request) {
            return Err(self.pages.form_is_over(http).into());
        }
        let asked = self.asked(http, request)?;
        // As when the page was shown: the login may have grown too old meanwhile.
        let active = self.logged_in(http, &asked).await?;
        if decision != "allow" {
            return Ok(self.tell(http, &asked.request.refused(Error::AccessDenied, "the person refused")));
        }
        self.grant(http, &asked.request, &active, true, caller).await
    }
}
