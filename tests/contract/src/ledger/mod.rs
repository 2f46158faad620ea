//! The suite of everything that is kept in SQL.

mod accounts;
mod binds;
mod ends;
mod finds;
mod links;
mod pruning;
mod scans;
mod sessions;
mod stage;
mod trail;

pub use stage::Stage;

suite! { $
    /// Runs the cases of `Logins`, `Accounts`, `Sessions`, `AuditTrail` and `Pruning` on a store that
    /// implements all of them.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    ledger_suite: ledger on Stage {
        scans:
            an_unknown_person_is_asked_for_a_phone_number,
            a_known_person_is_logged_in_by_the_scan,
            a_repeated_scan_finds_its_own_record,
            a_repeated_scan_tells_how_the_login_moved_on,
            a_late_repetition_still_finds_its_own_record,
            a_first_scan_after_the_deadline_leaves_no_record,
            a_scan_by_another_person_changes_nothing,
            of_two_persons_scanning_at_once_one_is_first,
            one_new_person_scanning_many_logins_at_once_is_one_identity,
            a_person_in_two_apps_is_two_identities,
            openids_are_compared_exactly,
            the_longest_values_survive;
        binds:
            a_new_phone_makes_an_account,
            a_known_phone_adds_the_identity_to_its_account,
            a_bound_person_is_known_from_then_on,
            a_second_user_of_the_same_app_cannot_take_a_phone,
            a_repetition_with_the_same_proof_gets_the_same_answer,
            another_proof_is_refused_once_registered,
            a_login_registered_by_its_scan_takes_no_binding,
            nothing_is_bound_after_the_deadline,
            nothing_is_bound_to_a_cancelled_login,
            a_login_that_nobody_scanned_takes_no_binding,
            an_identity_that_was_bound_meanwhile_keeps_its_account,
            a_bound_identity_does_not_compete_for_a_phone,
            users_of_many_apps_binding_one_phone_at_once_share_one_account,
            of_many_users_of_one_app_binding_one_phone_at_once_one_gets_it,
            one_binding_repeated_at_once_has_one_effect,
            two_logins_of_one_person_bound_at_once_lead_to_one_account;
        links:
            a_unionid_with_an_account_registers_the_waiting_login,
            an_unknown_unionid_is_only_noted,
            a_unionid_noted_before_the_binding_links_later_identities,
            an_account_with_another_user_of_the_app_is_left_alone,
            a_link_after_the_deadline_binds_without_moving_the_login,
            a_link_does_not_move_a_cancelled_login,
            a_linked_login_takes_no_binding,
            another_waiting_login_of_a_linked_identity_is_registered_too,
            a_link_repeated_at_once_moves_the_login_once,
            unionids_are_compared_exactly;
        ends:
            a_cancelled_login_cannot_be_scanned,
            a_denied_login_says_so,
            a_login_that_waits_for_a_phone_can_be_cancelled,
            a_registered_login_stays_registered,
            the_first_end_stays,
            ending_an_expired_login_changes_nothing,
            a_scan_of_a_login_cancelled_after_its_scan_finds_the_record,
            many_ends_at_once_agree,
            a_scan_and_a_cancellation_at_once_agree,
            a_binding_and_a_cancellation_at_once_agree;
        finds:
            a_login_without_history_has_no_record,
            a_record_holds_login_and_proof,
            many_logins_are_found_in_one_query,
            no_logins_are_found_for_no_ids;
        accounts:
            an_unknown_account_is_absent,
            identities_come_oldest_first,
            an_account_can_be_shut_and_opened_again;
        sessions:
            a_session_is_found_by_its_token,
            a_login_has_one_session_however_often_it_is_opened,
            many_openings_at_once_are_one_session,
            an_ended_session_stays_ended_when_opened_again,
            a_login_from_before_all_sessions_were_ended_opens_none,
            a_use_is_written_down_and_never_moved_back,
            a_use_never_revives_an_ended_session,
            a_use_of_an_unknown_session_changes_nothing,
            sessions_are_listed_newest_first,
            at_most_a_hundred_sessions_are_listed,
            only_its_own_account_can_end_a_session,
            all_sessions_of_an_account_end_together,
            many_ends_of_one_session_at_once_end_it_once,
            a_session_shows_that_its_account_was_shut;
        trail:
            every_effect_leaves_one_entry,
            a_repetition_leaves_no_entry,
            a_refusal_leaves_no_entry,
            a_linked_identity_leaves_an_entry,
            every_ended_session_leaves_an_entry,
            the_oldest_entries_come_first_and_no_more_than_asked_for;
        pruning:
            a_login_is_kept_for_a_day_after_its_last_deadline,
            a_cancelled_login_is_kept_as_long,
            rows_are_removed_in_batches,
            several_nodes_may_prune_at_once,
            an_ended_session_is_kept_for_a_day,
            a_session_in_use_is_kept,
            an_identity_that_never_got_an_account_goes_with_its_login,
            an_identity_that_a_younger_login_needs_is_kept,
            accounts_identities_and_the_trail_stay;
    }
}
