/* SPDX-License-Identifier: Apache-2.0 */
/* A question as a person or a program writes it: words of which each shows by its form what it is. */
#include <string.h>

#include "directory/texts.h"
#include "ekigaku/owner.h"

enum { FACTS = 8 };

static bool looks_like_asn(const char *word)
{
    return (word[0] == 'A' || word[0] == 'a') && (word[1] == 'S' || word[1] == 's') && word[2] >= '0' &&
           word[2] <= '9';
}

/* Whether the word found its place; false when it is of no form or its place is taken. */
static bool place_word(struct eki_question_text *q, const char *word, size_t *facts)
{
    struct eki_question *question = &q->question;
    char unused[256];
    if (strchr(word, '=')) {
        if (*facts == FACTS) return false;
        q->facts[(*facts)++] = word;
        question->facts = q->facts;
        return true;
    }
    if (!eki_address_parse(word, &q->address)) {
        bool first = !question->address;
        question->address = &q->address;
        return first;
    }
    if (looks_like_asn(word)) return !question->asn && eki_asn_read(word, &question->asn);
    if (strlen(word) == 2 && eki_country_read(word, unused)) {
        bool first = !question->country;
        question->country = word;
        return first;
    }
    if (question->domain || eki_domain_canonical(word, unused)) return false;
    question->domain = word;
    return true;
}

enum eki_error eki_question_parse(const char *line, struct eki_question_text *ret_question,
                                  struct eki_fault *ret_fault)
{
    size_t length = strlen(line), facts = 0;
    *ret_question = (struct eki_question_text){0};
    if (length >= sizeof ret_question->text)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the question is longer than 1023 bytes");
    memcpy(ret_question->text, line, length + 1);
    for (char *rest = ret_question->text;;) {
        rest += strspn(rest, " \t\r\n,");
        if (!*rest) break;
        char *word = rest;
        rest += strcspn(rest, " \t\r\n,");
        if (*rest) *rest++ = '\0';
        if (!place_word(ret_question, word, &facts))
            return eki_fault_set(
                ret_fault, EKI_ERROR_ARGUMENT, 0,
                "\"%.80s\" is no address, domain, AS number, country or fact, or there twice", word);
    }
    if (ret_question->question.address || ret_question->question.domain || ret_question->question.asn ||
        ret_question->question.country)
        return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "nothing is asked");
}
