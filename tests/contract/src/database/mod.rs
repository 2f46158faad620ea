//! The suite of the database: everything that is kept in SQL.

mod accounts;
mod app_profiles;
mod cancellations;
mod confirmations;
mod conflicts;
mod consents;
mod disowning;
mod finding;
mod follows;
mod merging;
mod newcomers;
mod number_alone;
mod number_claims;
mod own_merges;
mod pending_links;
mod people;
mod phone_bindings;
mod phone_changes;
mod pruning;
mod revocations;
mod scans;
mod sessions;
mod stage;
mod trail;
mod unionid_links;
mod unionid_scans;
mod unlinking;

pub use stage::DatabaseStage;

suite! { $
    /// Runs the cases of `Logins`, `Accounts`, `Sessions`, `AuditTrail` and `Pruning` on a store that
    /// implements all of them.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    database_suite: database on DatabaseStage {
        newcomers:
            a_newcomer_gets_an_account_where_no_phone_is_asked_for,
            a_newcomer_is_refused_where_registration_is_closed,
            a_login_goes_on_without_a_number_where_that_is_allowed,
            a_new_number_makes_no_account_where_registration_is_closed;
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
            every_way_in_is_kept,
            the_longest_values_survive;
        phone_bindings:
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
            a_refused_login_is_shown_as_it_stands_at_that_moment,
            an_identity_that_was_bound_meanwhile_keeps_its_account,
            a_bound_identity_does_not_compete_for_a_phone,
            users_of_many_apps_binding_one_phone_at_once_share_one_account,
            of_many_users_of_one_app_binding_one_phone_at_once_one_gets_it,
            one_binding_repeated_at_once_has_one_effect,
            two_logins_of_one_person_bound_at_once_lead_to_one_account;
        number_alone:
            a_login_by_a_number_alone_waits_for_it_from_its_beginning,
            a_stranger_by_a_number_alone_makes_no_account_where_that_is_not_wanted,
            who_came_by_a_number_alone_changes_no_way_in;
        number_claims:
            a_number_leads_nobody_to_the_account_of_another_person,
            a_unionid_of_another_open_platform_account_says_nothing,
            the_unionid_of_the_account_says_that_it_is_the_owner,
            who_came_by_the_number_alone_changes_no_way_in_for_a_week,
            who_came_by_the_number_alone_may_go_again,
            what_joins_an_account_on_probation_is_on_probation_too,
            a_unionid_that_comes_late_leaves_a_stranger_on_probation_for_ever,
            the_others_have_a_notice_until_a_minute_after_they_were_told,
            a_scan_tells_the_notice_and_its_repetition_tells_it_too,
            a_number_does_not_lead_to_an_account_that_was_not_seen_for_long,
            a_login_of_the_owner_counts_as_seen_also_when_its_session_has_ended;
        people:
            a_known_person_is_made_once_and_found_by_everything,
            what_belongs_to_another_account_is_named,
            people_of_one_call_see_each_other,
            one_person_made_at_once_is_one_account,
            a_change_is_written_once_and_says_who_made_it,
            a_person_who_is_shut_out_has_no_session_and_gets_none,
            an_operator_unlinks_also_the_last_identity,
            the_last_login_of_an_identity_is_the_one_that_it_scanned_last,
            sessions_are_ended_for_a_site,
            nothing_of_an_erased_person_is_left_but_the_trail;
        consents:
            no_account_is_bound_without_the_consent_that_is_required,
            an_account_keeps_the_first_consent_to_each_version,
            a_newcomer_who_did_not_agree_gets_no_account_by_the_scan_alone,
            consents_follow_a_merge_and_its_undoing_and_go_with_the_account,
            a_consent_that_led_to_no_account_goes_with_its_login;
        app_profiles:
            a_profile_is_due_once_a_day,
            only_of_followers_and_of_who_authorized_an_app_something_is_asked,
            what_wechat_tells_is_kept_part_by_part,
            a_profile_goes_with_what_was_allowed_and_with_its_identity;
        merging:
            a_merge_that_is_undone_has_changed_nothing,
            a_merge_is_undone_exactly_or_not_at_all,
            a_merge_ends_the_sessions_of_the_account_that_goes,
            a_merge_whose_parts_were_touched_is_not_undone,
            what_cannot_be_merged_or_undone_is_refused;
        own_merges:
            a_person_merges_the_account_that_a_login_proves_and_undoes_it,
            not_me_undoes_the_merge_that_the_login_proved,
            not_me_leaves_a_merge_that_the_login_cannot_have_proved,
            what_proves_no_account_merges_nothing,
            a_number_proves_only_what_no_wechat_user_contradicts,
            who_came_by_a_number_alone_merges_no_account,
            who_came_by_the_number_alone_erases_nothing_for_a_week;
        unionid_links:
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
        pending_links:
            a_login_with_a_pending_link_looks_new,
            a_login_has_one_pending_link_and_only_while_it_is_new,
            a_new_identity_is_linked_to_the_account,
            an_identity_that_waited_for_a_phone_is_linked_to_the_account,
            an_identity_of_the_account_is_only_logged_in,
            an_identity_of_another_account_ends_the_login_and_changes_nothing,
            a_second_user_of_an_app_ends_the_login_and_is_not_even_kept,
            a_pending_link_from_before_all_sessions_were_ended_is_void,
            a_pending_link_from_before_a_person_was_shut_out_is_void,
            a_login_with_a_pending_link_can_be_cancelled,
            a_pending_link_that_is_not_scanned_in_time_is_over,
            a_pending_link_goes_before_the_unionid_and_shows_the_conflict,
            of_many_users_of_one_app_to_be_linked_at_once_one_is,
            of_many_persons_scanning_one_pending_link_at_once_one_is_first,
            a_linking_scan_and_a_cancellation_at_once_agree,
            a_pending_link_goes_a_day_after_the_logins_deadline;
        unionid_scans:
            a_scan_with_the_unionid_of_an_account_is_logged_in,
            an_unknown_unionid_of_a_scan_is_noted,
            a_repeated_scan_tells_whether_the_unionid_is_known_by_now,
            a_unionid_means_nothing_to_another_open_account,
            the_longest_bound_account_comes_first,
            a_scan_leaves_an_account_with_another_user_of_the_app_alone,
            many_doors_opened_at_once_lead_to_one_account,
            a_profile_is_kept_and_an_empty_one_erases_nothing;
        conflicts:
            a_conflict_found_by_a_link_is_noted_in_both_trails_and_moves_nobody,
            a_conflict_found_by_a_scan_is_noted_in_both_trails_and_moves_nobody,
            a_conflict_is_listed_for_both_accounts,
            identities_of_one_account_are_no_conflict,
            unionids_of_two_open_accounts_are_no_conflict,
            an_account_that_knows_a_person_twice_is_listed_once,
            a_conflict_is_over_when_the_identity_was_removed,
            at_most_a_hundred_conflicts_are_listed;
        unlinking:
            an_identity_is_found_by_its_id,
            identities_can_be_removed_but_the_last_one,
            only_its_own_account_can_remove_an_identity,
            a_removed_identity_is_like_one_that_was_never_bound,
            a_removed_identity_goes_in_time,
            a_login_that_outlives_its_identity_is_over,
            the_sessions_that_came_from_a_removed_identity_end_with_it,
            a_login_of_a_removed_identity_opens_no_session,
            a_login_of_a_removed_identity_opens_no_session_once_it_is_back,
            a_session_opened_while_its_identity_is_removed_does_not_stay,
            of_those_who_remove_the_last_ones_at_once_one_is_refused,
            of_two_who_remove_the_last_two_at_once_one_is_refused;
        phone_changes:
            a_phone_number_can_be_changed,
            a_number_that_the_account_has_changes_nothing,
            a_number_of_another_account_is_taken,
            a_number_of_an_unknown_account_cannot_be_changed,
            of_many_accounts_that_want_one_number_at_once_one_gets_it,
            many_changes_of_one_account_at_once_are_all_made;
        revocations:
            a_revocation_forgets_the_profile_and_ends_the_link_though_it_is_the_last,
            a_revocation_forgets_a_picture_without_a_name,
            who_revoked_binds_their_number_again_and_has_their_account,
            a_revocation_from_before_the_link_ends_nothing,
            a_changed_profile_is_forgotten_and_nothing_else,
            a_revocation_of_a_stranger_changes_nothing;
        follows:
            who_stops_following_is_marked_since_then,
            who_follows_again_is_not_marked_any_more,
            who_followed_before_stays_marked,
            who_scans_follows_again,
            a_person_without_an_account_is_marked_too,
            a_person_who_was_never_seen_is_not_made,
            one_event_noted_many_times_at_once_leaves_one_entry;
        confirmations:
            a_scan_counts_once_its_phone_says_yes,
            a_phone_that_says_yes_hears_that_its_account_is_shut,
            a_new_person_is_asked_before_anything_is_theirs,
            no_account_is_made_before_the_yes,
            a_phone_that_says_no_ends_the_login,
            a_number_has_to_be_the_one_that_the_client_shows,
            three_wrong_numbers_end_the_login,
            a_yes_from_elsewhere_may_take_a_number_that_was_not_asked_for,
            a_yes_from_elsewhere_may_end_the_login,
            wrong_numbers_at_once_are_all_counted,
            of_yes_and_no_at_once_one_counts,
            a_phone_cannot_answer_after_the_deadline_or_for_another,
            a_client_can_give_up_while_the_phone_is_asked,
            a_pending_link_waits_for_the_yes,
            a_unionid_lets_no_client_in_whose_phone_is_asked,
            the_login_that_a_person_is_asked_about_is_found;
        disowning:
            who_did_not_mean_it_ends_login_and_session,
            who_did_not_mean_it_leaves_no_session_to_collect,
            a_session_and_not_me_at_once_leave_none,
            not_me_takes_back_what_the_login_linked_by_a_number,
            not_me_takes_back_what_the_login_linked_by_a_wish,
            not_me_takes_back_what_was_linked_to_an_account_without_a_number,
            not_me_leaves_what_another_login_bound_meanwhile,
            not_me_leaves_what_a_unionid_linked,
            not_me_leaves_what_an_earlier_login_linked,
            not_me_leaves_the_only_way_into_an_account,
            not_me_is_for_the_person_who_scanned_and_for_a_day;
        cancellations:
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
        finding:
            a_login_without_history_has_no_record,
            a_record_holds_login_and_proof,
            many_logins_are_found_in_one_query,
            a_login_that_is_asked_for_twice_is_found_once,
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
            a_login_opens_no_session_but_of_the_account_that_its_row_names,
            a_login_from_before_all_sessions_were_ended_opens_none,
            only_sessions_from_before_a_moment_can_be_ended,
            a_use_is_written_down_and_never_moved_back,
            a_use_never_revives_an_ended_session,
            a_use_of_an_unknown_session_changes_nothing,
            sessions_are_listed_newest_first,
            the_twenty_first_session_of_an_account_ends_the_oldest,
            an_expired_session_makes_room_before_an_older_one_does,
            sessions_issued_at_once_are_twenty_at_the_most,
            only_its_own_account_can_end_a_session,
            a_session_that_was_read_before_ends_once,
            a_disabled_account_is_issued_no_session,
            all_sessions_of_an_account_end_together,
            the_tokens_of_an_account_are_those_of_its_open_sessions,
            many_ends_of_one_session_at_once_end_it_once,
            sessions_that_were_ended_are_listed_in_the_order_of_their_ends,
            a_session_shows_that_its_account_was_shut;
        trail:
            every_effect_leaves_one_entry,
            a_repetition_leaves_no_entry,
            a_refusal_leaves_no_entry,
            a_linked_identity_leaves_an_entry,
            every_ended_session_leaves_an_entry,
            the_oldest_entries_come_first_and_no_more_than_asked_for,
            entries_of_nodes_whose_clocks_differ_come_by_their_times;
        pruning:
            a_login_is_kept_for_a_day_after_its_last_deadline,
            a_cancelled_login_is_kept_as_long,
            rows_are_removed_in_batches,
            pending_links_are_removed_beside_the_logins,
            several_nodes_may_prune_at_once,
            an_ended_session_is_kept_for_a_day,
            a_session_in_use_is_kept,
            an_unused_session_goes_400_days_after_its_last_use,
            an_identity_that_never_got_an_account_goes_with_its_login,
            an_identity_that_a_younger_login_needs_is_kept,
            accounts_identities_and_the_trail_stay;
    }
}
