//! The site API: what the site's own back end may ask and do, on the operator's listener.
//!
//! Each handler takes a [`SiteCall`](crate::auth::SiteCall) of its scope first. What it writes carries the key's name
//! ([`SiteCall::actor`](crate::auth::SiteCall::actor)) into the audit trail. A list is a `Page` of `dto::site`.

mod accounts;
mod api_doc;
mod audit;
mod ended_sessions;
mod events;
mod introspect;
mod merges;
mod open_data;
mod openapi;
mod status;
mod ways_in;
mod webhooks;
mod wechat;

pub(crate) use openapi::site_openapi_json;

use actix_web::web::{Data, ServiceConfig};

use super::Endpoint;
use crate::auth::SiteKeys;

pub(super) fn register(config: &mut ServiceConfig, keys: SiteKeys) {
    config
        .app_data(Data::new(keys))
        .service(Endpoint::at("/v1/admin/introspect").post(introspect::introspect).done())
        .service(Endpoint::at("/v1/admin/sessions/ended").get(ended_sessions::list).done())
        .service(Endpoint::at("/v1/admin/status").get(status::status).done())
        .service(Endpoint::at("/v1/admin/funnel").get(status::funnel).done())
        .service(Endpoint::at("/v1/admin/audit").get(audit::list).done())
        .service(Endpoint::at("/v1/admin/events").get(events::list).done())
        .service(Endpoint::at("/v1/admin/events/{eid}/replay").post(events::replay).done())
        .service(Endpoint::at("/v1/admin/webhooks").get(webhooks::list).done())
        .service(Endpoint::at("/v1/admin/webhooks/{wid}/retry").post(webhooks::retry).done())
        .service(Endpoint::at("/v1/admin/accounts").get(accounts::find).post(accounts::create).done())
        .service(
            Endpoint::at("/v1/admin/accounts/{id}")
                .get(accounts::read)
                .patch(accounts::change)
                .delete(accounts::erase)
                .done(),
        )
        .service(Endpoint::at("/v1/admin/accounts/{id}/open-data").post(open_data::open_data).done())
        .service(Endpoint::at("/v1/admin/accounts/{id}/merge").post(merges::merge).done())
        .service(Endpoint::at("/v1/admin/merges/{mid}/undo").post(merges::undo).done())
        .service(Endpoint::at("/v1/admin/accounts/{id}/export").get(accounts::export).done())
        .service(
            Endpoint::at("/v1/admin/accounts/{id}/sessions")
                .get(ways_in::list_sessions)
                .delete(ways_in::end_sessions)
                .done(),
        )
        .service(Endpoint::at("/v1/admin/accounts/{id}/sessions/{sid}").delete(ways_in::end_session).done())
        .service(
            Endpoint::at("/v1/admin/accounts/{id}/identities/{iid}").delete(ways_in::unlink_identity).done(),
        );
    wechat::register(config);
    openapi::register(config);
}
