//! The tables as Diesel knows them, in types that all backends have: text, 64-bit numbers, booleans, bytes.
//!
//! What the columns mean stands in the migrations, and in `docs/DATA_MODEL.md`.

diesel::table! {
    #[sql_name = "saoma_accounts"]
    accounts (id) {
        id -> Text,
        phone -> Nullable<Text>,
        created_at -> BigInt,
        disabled -> Bool,
        sessions_ended_at -> Nullable<BigInt>,
        last_seen_at -> BigInt,
        external_id -> Nullable<Text>,
        attributes -> Nullable<Text>,
        disabled_reason -> Nullable<Text>,
        nickname -> Nullable<Text>,
        avatar_url -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "saoma_identities"]
    identities (id) {
        id -> Text,
        app -> Text,
        channel -> Text,
        openid -> Text,
        open_account -> Nullable<Text>,
        unionid -> Nullable<Text>,
        account_id -> Nullable<Text>,
        nickname -> Nullable<Text>,
        avatar_url -> Nullable<Text>,
        created_at -> BigInt,
        linked_at -> Nullable<BigInt>,
        unsubscribed_at -> Nullable<BigInt>,
        prune_at -> Nullable<BigInt>,
        probation_until -> Nullable<BigInt>,
        notice_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_logins"]
    logins (id) {
        id -> Text,
        version -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        outcome -> Nullable<Text>,
        identity_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        deadline -> Nullable<BigInt>,
        since -> Nullable<BigInt>,
        client_ip -> Nullable<Text>,
        client_user_agent -> Nullable<Text>,
        scanned_at -> Nullable<BigInt>,
        proof -> Nullable<Binary>,
        prune_at -> BigInt,
        amr -> Nullable<Text>,
        confirm_number -> Nullable<BigInt>,
        confirm_tries -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_pending_links"]
    pending_links (login_id) {
        login_id -> Text,
        account_id -> Text,
        asked_at -> BigInt,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_consents"]
    consents (login_id) {
        login_id -> Text,
        account_id -> Nullable<Text>,
        version -> Text,
        given_at -> BigInt,
        ip -> Text,
        prune_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_sessions"]
    sessions (id) {
        id -> Text,
        login_id -> Text,
        token_hash -> Binary,
        account_id -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        ip -> Text,
        user_agent -> Text,
        ended_at -> Nullable<BigInt>,
        prune_at -> BigInt,
        amr -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "saoma_one_time_codes"]
    one_time_codes (code) {
        code -> Binary,
        redeemed_by -> Binary,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_messages"]
    messages (id) {
        id -> Binary,
        app -> Text,
        openid -> Text,
        received_at -> BigInt,
        query -> Text,
        content_type -> Text,
        body -> Binary,
        tries -> BigInt,
        next_try_at -> Nullable<BigInt>,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_events"]
    events (id) {
        id -> BigInt,
        receiver -> Text,
        lane -> Text,
        kind -> Text,
        at -> BigInt,
        account_id -> Nullable<Text>,
        identity_id -> Nullable<Text>,
        app -> Nullable<Text>,
        session_id -> Nullable<Text>,
        login_id -> Nullable<Text>,
        detail -> Nullable<Text>,
        tries -> BigInt,
        next_try_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        give_up_at -> BigInt,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_journal"]
    journal (id) {
        id -> BigInt,
        openid -> Text,
        app -> Text,
        received_at -> BigInt,
        told_at -> BigInt,
        kind -> Text,
        key -> Nullable<Text>,
        text -> Nullable<Text>,
        msg_id -> Nullable<Text>,
        outcome -> Text,
        login_id -> Nullable<Text>,
        node -> Text,
        request_id -> Text,
        took_ms -> BigInt,
        replay_of -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_funnel"]
    funnel (id) {
        id -> Text,
        period -> Text,
        begins_at -> BigInt,
        channel -> Text,
        app -> Text,
        purpose -> Text,
        step -> Text,
        count -> BigInt,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_audit"]
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        account_id -> Text,
        login_id -> Nullable<Text>,
        actor -> Nullable<Text>,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        outcome -> Nullable<Text>,
        detail -> Nullable<Text>,
        seq -> Nullable<BigInt>,
        hash -> Nullable<Binary>,
        client_salt -> Nullable<Binary>,
        client_digest -> Nullable<Binary>,
    }
}

diesel::table! {
    #[sql_name = "saoma_audit_chain"]
    audit_chain (name) {
        name -> Text,
        anchor_seq -> BigInt,
        anchor_hash -> Binary,
        head_seq -> BigInt,
        head_hash -> Binary,
        sealer -> Text,
        sealer_until -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_grants"]
    grants (id) {
        id -> Text,
        client_id -> Text,
        account_id -> Text,
        session_id -> Text,
        scopes -> Text,
        redirect_uri -> Text,
        nonce -> Nullable<Text>,
        challenge -> Nullable<Text>,
        granted_at -> BigInt,
        code_hash -> Binary,
        redeemed_at -> Nullable<BigInt>,
        generation -> Nullable<BigInt>,
        refresh_hash -> Nullable<Binary>,
        previous_hash -> Nullable<Binary>,
        refreshed_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        version -> BigInt,
        prune_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_client_consents"]
    client_consents (account_id, client_id) {
        account_id -> Text,
        client_id -> Text,
        scopes -> Text,
        agreed_at -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_merges"]
    merges (id) {
        id -> Text,
        into_id -> Text,
        from_id -> Text,
        merged_at -> BigInt,
        identities -> Text,
        parts -> Text,
        was_disabled -> Bool,
        disabled_reason -> Nullable<Text>,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_app_profiles"]
    app_profiles (identity_id) {
        identity_id -> Text,
        subscribed_at -> Nullable<BigInt>,
        scene -> Nullable<Text>,
        remark -> Nullable<Text>,
        tags -> Text,
        language -> Nullable<Text>,
        sex -> Nullable<BigInt>,
        province -> Nullable<Text>,
        city -> Nullable<Text>,
        country -> Nullable<Text>,
        refreshed_at -> BigInt,
        refresh_token -> Nullable<Binary>,
        refresh_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "saoma_signing_keys"]
    signing_keys (algorithm, generation) {
        algorithm -> Text,
        generation -> Integer,
        sealed -> Binary,
        signs_from -> BigInt,
        signs_until -> BigInt,
        published_until -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "saoma_migrations"]
    migrations (name) {
        name -> Text,
    }
}

diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(app_profiles -> identities (identity_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, identities, logins, sessions, app_profiles);
