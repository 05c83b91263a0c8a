/* SPDX-License-Identifier: Apache-2.0 */
#include "store/work.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_setting, id, INTEGER),
    EKI_WORD(eki_store_setting, name, EKI_SEARCHED),
    EKI_WHOLE(eki_store_setting, value, EKI_OPEN),
};

const struct eki_table eki_table_setting = {
    .name = "setting",
    EKI_TABLE_OF(eki_store_setting, columns),
};

enum eki_error eki_store_choose(struct eki_store_work *work, const char *name, const char *value)
{
    struct eki_store_setting setting;
    enum eki_error error = eki_work_ready(work, true);
    if (!error) error = eki_store_find(work, &setting, "name", name);
    if (error == EKI_ERROR_MISSING) {
        setting = (struct eki_store_setting){.name = name, .value = value};
        return eki_store_add(work, &setting);
    }
    setting.value = value;
    return error ? error : eki_store_change(work, &setting);
}

enum eki_error eki_store_chosen(struct eki_store_work *work, const char *name, const char *otherwise,
                                const char **ret_value)
{
    struct eki_store_setting setting;
    enum eki_error error = eki_work_ready(work, false);
    if (!error) error = eki_store_find(work, &setting, "name", name);
    if (error == EKI_ERROR_MISSING) {
        setting.value = otherwise;
        error = EKI_OK;
    }
    if (!error) *ret_value = setting.value;
    return error;
}
