import { BaseImportModel } from "@base_import/import_model";
import { ImportDataContent } from "@base_import/import_data_content/import_data_content";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";

const LABEL_CELLS = 3;

/**
 * The rows that an import has refused, with their reasons: to read, and to take
 * away as a file that can be corrected and imported.
 */
export class ImportRefusals extends Component {
    static template = "ess_mutualisation.ImportRefusals";
    static props = {
        refused: { type: Array, element: Object },
        header: { type: Array, element: String },
        separator: { type: String },
        ids: { type: Array, element: Number },
        resModel: { type: String },
    };

    setup() {
        this.action = useService("action");
    }

    /** The first cells that say something, by which a person knows the row. */
    label(row) {
        return row.cells
            .filter((cell) => cell)
            .slice(0, LABEL_CELLS)
            .join(" · ");
    }

    download() {
        const lines = this.props.refused.map((row) => [...row.cells, row.message]);
        if (this.props.header.length) {
            lines.unshift([...this.props.header, _t("Refused because")]);
        }
        const text = lines
            .map((cells) => cells.map((cell) => this.quoted(cell)).join(this.props.separator))
            .join("\r\n");
        // with a byte order mark, a spreadsheet opens the accents right
        downloadFile("\ufeff" + text, _t("refused rows.csv"), "text/csv;charset=utf-8");
    }

    quoted(cell) {
        const special = [this.props.separator, '"', "\n", "\r"];
        return special.some((character) => cell.includes(character))
            ? `"${cell.replaceAll('"', '""')}"`
            : cell;
    }

    openImported() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Imported records"),
            res_model: this.props.resModel,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", this.props.ids]],
            target: "current",
        });
    }
}

ImportDataContent.components = { ...ImportDataContent.components, ImportRefusals };

/**
 * Odoo stops an import at its first message and shows three of them. A refused row
 * is no error: the import goes on, and all refused rows are shown at its end.
 */
patch(BaseImportModel.prototype, {
    async executeImport(isTest = false, totalSteps, importProgress) {
        this.refused = [];
        const start = this.importOptions.skip;
        const result = await super.executeImport(isTest, totalSteps, importProgress);
        if (this.refused.length && !result.res.hasError) {
            this._showRefused(isTest, result.res.ids);
            if (!isTest) {
                // the screen stays open, and its next import starts where this one did
                result.res.hasError = true;
                if (!result.res.nextrow) {
                    this.setOption("skip", start);
                }
            }
        }
        return result;
    },

    async _callImport(dryrun, args) {
        const result = await super._callImport(dryrun, args);
        if (result.messages) {
            this.refused.push(...result.messages.filter((message) => message.refused));
            result.messages = result.messages.filter((message) => !message.refused);
        }
        return result;
    },

    _showRefused(isTest, ids) {
        const counts = { imported: ids.length, refused: this.refused.length };
        const summary = isTest
            ? _t("%(imported)s records can be imported, %(refused)s rows are refused:", counts)
            : _t("%(imported)s records were imported, %(refused)s rows were refused:", counts);
        this._showChoices();
        // "Everything seems valid" would not be true
        this.importMessages = this.importMessages.filter((message) => message.type !== "info");
        this.importMessages.push({
            type: "warning",
            lines: [summary],
            refusals: {
                refused: this.refused,
                header: this.importOptions.has_headers
                    ? this.columns.map((column) => column.name)
                    : [],
                separator: this.importOptions.separator || ";",
                ids: isTest ? [] : ids,
                resModel: this.resModel,
            },
        });
    },

    /** At a column with unknown names, Odoo's own choice: create them, leave them out… */
    _showChoices() {
        const unknown = this.refused.filter((message) => message.moreinfo);
        const copies = unknown.map((message) => ({ ...message, rows: { ...message.rows } }));
        for (const [path, errors] of Object.entries(this._groupErrorsByField(copies))) {
            const column = this.columns.find((one) => one.fieldInfo?.fieldPath === path);
            if (column) {
                column.errors = errors;
            }
        }
    },
});
