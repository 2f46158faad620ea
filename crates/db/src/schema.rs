//! The tables as Diesel knows them, in types that all backends have: text, 64-bit numbers, booleans, bytes.

diesel::table! {
    accounts (id) {
        id -> Text,
        phone -> Text,
        created_at -> BigInt,
        disabled -> Bool,
        sessions_ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        app -> Text,
        channel -> Text,
        openid -> Text,
        // Means nothing as long as there is no unionid.
        open_account -> Nullable<Text>,
        unionid -> Nullable<Text>,
        account_id -> Nullable<Text>,
        nickname -> Nullable<Text>,
        avatar_url -> Nullable<Text>,
        created_at -> BigInt,
        linked_at -> Nullable<BigInt>,
        // Only while there is no account.
        prune_at -> Nullable<BigInt>,
        unsubscribed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    logins (id) {
        id -> Text,
        version -> BigInt,
        state -> Text,
        // Expired: why. Registered: `joined` if its scan added the identity to the account that asked for it.
        reason -> Nullable<Text>,
        identity_id -> Nullable<Text>,
        // Loop: the account that an identity is to be added to; other logins in that state have no row.
        account_id -> Nullable<Text>,
        // Loop: until when it may be scanned. Unregistered: until when a phone may be bound. Registered: until when the session may be collected.
        deadline -> Nullable<BigInt>,
        // Loop: when the account asked for it.
        since -> Nullable<BigInt>,
        app -> Nullable<Text>,
        scan_known -> Nullable<Bool>,
        asked_ip -> Nullable<Text>,
        asked_browser -> Nullable<Text>,
        // Without an identity: when somebody scanned who could not be added to the account.
        scanned_at -> Nullable<BigInt>,
        proof -> Nullable<Binary>,
        prune_at -> BigInt,
    }
}

diesel::table! {
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
    }
}

diesel::table! {
    #[sql_name = "claims"]
    one_time_codes (what) {
        what -> Binary,
        claimant -> Binary,
        prune_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        account_id -> Text,
        login_id -> Nullable<Text>,
    }
}

diesel::joinable!(sessions -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, identities, logins, sessions);
