/* SPDX-License-Identifier: Apache-2.0 */
/* Many threads at once: nothing is lost, readers see whole changes only, the chain of the audit log holds. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITERS = 4, READERS = 4, CHANGES = 40 };

struct crew {
    struct eki_store *store;
    int number;
    int wrong; /* how often something was not as it must be */
};

/* Adds two accounts in each work, so that a reader who sees an odd number has seen half a change. */
static void *write_pairs(void *user)
{
    struct crew *crew = user;
    const struct eki_store_act act = {.at = 10, .who = "writer"};
    for (int i = 0; i < CHANGES; i++) {
        struct eki_store_work *work;
        enum eki_error error = eki_store_begin(crew->store, &act, &work, NULL);
        if (error) {
            crew->wrong++;
            continue;
        }
        for (int half = 0; half < 2 && !error; half++) {
            char name[40];
            snprintf(name, sizeof name, "%d %d %d", crew->number, i, half);
            struct eki_store_account account = place_account(name);
            error = eki_store_add(work, &account);
        }
        crew->wrong += error || eki_store_commit(work);
        eki_store_end(work);
    }
    return NULL;
}

static void *read_pairs(void *user)
{
    struct crew *crew = user;
    for (int i = 0; i < CHANGES; i++) {
        struct eki_store_work *work;
        uint64_t before = 1, after = 1;
        if (eki_store_begin(crew->store, NULL, &work, NULL)) {
            crew->wrong++;
            continue;
        }
        bool failed = eki_store_count(work, EKI_STORE_ACCOUNT, NULL, &before) ||
                      eki_store_count(work, EKI_STORE_ACCOUNT, NULL, &after);
        crew->wrong += failed || before % 2 || before != after;
        eki_store_end(work);
    }
    return NULL;
}

static void side_by_side(const struct place *place, unsigned connections)
{
    struct eki_store *store;
    const struct eki_store_options options = {.connections = connections};
    eki_store_close(place_open(place));
    assert_int_equal(eki_store_open(place->url, &options, &store, NULL), EKI_OK);
    pthread_t threads[WRITERS + READERS];
    struct crew crews[WRITERS + READERS];
    for (int i = 0; i < WRITERS + READERS; i++) {
        crews[i] = (struct crew){store, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, i < WRITERS ? write_pairs : read_pairs, &crews[i]),
                         0);
    }
    for (int i = 0; i < WRITERS + READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crews[i].wrong, 0);
    }
    struct eki_store_examination to = {0};
    assert_int_equal(eki_store_check(store, &to, NULL), EKI_OK);
    assert_int_equal(to.complaints, 0);
    assert_int_equal(to.entries, WRITERS * CHANGES * 2);
    eki_store_close(store);
}

static void with_many_connections(void **state)
{
    side_by_side(*state, 0);
}

static void with_one_connection(void **state)
{
    side_by_side(*state, 1);
}

/* As another process sees it: is the file locked by this one? (Locks are not inherited by fork.) */
static bool is_locked(const char *path)
{
    int status;
    pid_t child = fork();
    if (!child) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        int file = open(path, O_RDWR | O_CLOEXEC);
        _exit(file < 0 || fcntl(file, F_GETLK, &lock) ? 2 : lock.l_type != F_UNLCK);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status);
}

/* A further connection does not take away the locks of those that are there: else another process that looks
 * at the store would, when it ends, put the write-ahead log away under this one. */
static void a_further_connection_leaves_the_locks(void **state)
{
    const struct place *place = *state;
    const char *path = strncmp(place->url, "sqlite:", 7) ? place->url : place->url + 7;
    struct eki_store *store = place_open(place);
    struct eki_store_work *works[3];
    struct eki_store_account account = place_account("ada");
    struct eki_store_work *work = place_write(store, 1);
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    place_commit(work);
    for (int i = 0; i < 3; i++) {
        works[i] = place_read(store);
        assert_int_equal(eki_store_get(works[i], &account, account.id), EKI_OK);
        assert_true(is_locked(path));
    }
    for (int i = 0; i < 3; i++) eki_store_end(works[i]);
    assert_true(is_locked(path));
    eki_store_close(store);
    assert_false(is_locked(path));
}

/* Who may not wait is told at once, by the same program and by another, and writes when nobody else does. */
static void at_once_or_not_at_all(void **state)
{
    const struct place *place = *state;
    struct eki_store *stores[] = {place_open(place), place_open(place)}; /* the second is another program */
    const struct eki_store_act act = {.at = 1, .at_once = true};
    struct eki_store_account account = place_account("ada");
    struct eki_store_work *work, *writer = place_write(stores[0], 1);
    for (int i = 0; i < 4; i++)
        assert_int_equal(eki_store_begin(stores[i % 2], &act, &work, NULL), EKI_ERROR_LIMIT);
    assert_int_equal(eki_store_add(writer, &account), EKI_OK);
    place_commit(writer);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(eki_store_begin(stores[i], &act, &work, NULL), EKI_OK);
        account = place_account(i ? "bob" : "eve");
        assert_int_equal(eki_store_add(work, &account), EKI_OK);
        place_commit(work);
        eki_store_close(stores[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(with_many_connections),
                                       PLACE_BOTH(with_one_connection),
                                       PLACE_BOTH(at_once_or_not_at_all),
                                       {.name = "a further connection leaves the locks",
                                        .test_func = a_further_connection_leaves_the_locks,
                                        .setup_func = place_next}};
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
