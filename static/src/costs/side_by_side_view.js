import { registry } from "@web/core/registry";
import { PivotModel } from "@web/views/pivot/pivot_model";
import { pivotView } from "@web/views/pivot/pivot_view";

/**
 * A pivot whose columns are alternatives, such as two keys for the same costs: their
 * sum means nothing, so there is no column for it.
 */
class SideBySideModel extends PivotModel {
    _getTableHeaders() {
        const headers = super._getTableHeaders();
        const columns = headers.at(-1);
        const alternatives = columns.filter((column) => column.groupId[1].length);
        if (alternatives.length && alternatives.length < columns.length) {
            headers[headers.length - 1] = alternatives;
            headers[0].pop(); // the empty cell above the column of the sum
        }
        return headers;
    }
}

registry.category("views").add("ess_side_by_side", {
    ...pivotView,
    Model: SideBySideModel,
});
