import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const YEAR = luxon.DateTime.local().year - 1;

/** Through the menus of the app, as somebody does who has just logged in. */
function open(section, entry, title) {
    const menu = (name) => `[data-menu-xmlid='ess_mutualisation.${name}']`;
    return [
        {
            content: `The menu above ${title}`,
            trigger: `.o_menu_sections button${menu(section)}`,
            run: "click",
        },
        {
            content: `Open ${title}`,
            trigger: `.o-dropdown--menu a${menu(entry)}`,
            run: "click",
        },
        {
            content: `${title} are shown`,
            trigger: `.o_breadcrumb .o_last_breadcrumb_item:contains('${title}')`,
        },
    ];
}

function openApp() {
    return stepUtils.goToAppSteps(
        "ess_mutualisation.ess_mutualisation_menu_root",
        "Open the app"
    );
}

/** An act that asks first. */
function act(label, state) {
    return [
        ...stepUtils.statusbarButtonsSteps(label, `${label}…`),
        {
            content: "… yes",
            trigger: `.modal .modal-footer button.btn-primary:contains('${label}')`,
            run: "click",
        },
        isIn(state),
    ];
}

function isIn(state) {
    return {
        content: `It is ${state.toLowerCase()} now`,
        timeout: 30000, // computing and posting may take their time on a busy machine
        trigger: `body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('${state}')`,
    };
}

/** One day of a period: a button, which becomes an input when somebody is there. */
function day(field, value) {
    return [
        {
            content: `Go to ${field}`,
            trigger: `.o_form_view [data-field='${field}']`,
            run: "click",
        },
        {
            content: `Enter ${value}`,
            trigger: `.o_form_view input[data-field='${field}']`,
            run: `edit ${value} && press Tab`,
        },
    ];
}

function row(list, ...cells) {
    const text = cells.map((cell) => `:contains('${cell}')`).join("");
    return `.o_field_widget[name='${list}'] .o_data_row${text}`;
}

/** The bars of a chart: {key: what the members pay}. */
function bars(canvas) {
    const { datasets, labels } = window.Chart.getChart(canvas).data;
    const found = {};
    for (const { label, data } of datasets) {
        found[label.split(" from ")[0]] = data.map(
            (amount, index) => `${labels[index]} ${amount.toFixed(2)}`
        );
    }
    return found;
}

tours.add("ess_costs_compare_and_compute", {
    steps: () => [
        ...openApp(),
        ...open("ess_cost_menu_root", "ess_cost_pool_menu", "Cost Pools"),
        {
            content: "The depot, with what was spent on it",
            trigger: ".o_data_row:contains('90.20') td:contains('Depot')",
            run: "click",
        },
        ...stepUtils.statusbarButtonsSteps("Compare Keys", "What would each pay?"),
        {
            content: "The key of the pool is there already",
            trigger: ".modal [name='version_ids'] .o_tag:contains('By size')",
        },
        {
            content: "Look for another one",
            trigger: ".modal [name='version_ids'] input",
            run: "edit All alike",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains('All alike')",
            run: "click",
        },
        {
            content: "Compare both",
            trigger:
                ".modal:has([name='version_ids'] .o_tag:contains('All alike')) button[name='action_compare']",
            run: "click",
        },
        {
            content: "Side by side: Le Phare pays twice what the others do, or as much",
            trigger:
                ".o_pivot tbody tr:contains('Jardin Le Phare'):contains('45.10'):contains('30.07')",
        },
        {
            content: "Both cost the same, and are not added up",
            trigger: ".o_pivot tbody tr:contains('Total')",
            run() {
                const cells = [...this.anchor.querySelectorAll("td")];
                const totals = cells.map((cell) => cell.textContent.trim());
                if (totals.length !== 2 || !totals.every((one) => /\b90\.20\b/.test(one))) {
                    console.error(`Totals of two keys: ${totals.join(" | ")}`);
                }
            },
        },
        {
            content: "As a chart",
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            content: "Two bars for each member",
            trigger: ".o_graph_renderer canvas",
            run() {
                const expected = {
                    "All alike": ["30.07", "30.06", "30.07"],
                    "By size": ["45.10", "22.55", "22.55"],
                };
                const members = ["Jardin Le Phare", "Labo Les Semeurs", "Radio La Fabrique"];
                const found = bars(this.anchor);
                for (const [key, amounts] of Object.entries(expected)) {
                    members.forEach((member, index) => {
                        const bar = `${member} ${amounts[index]}`;
                        if (!found[key]?.includes(bar)) {
                            console.error(`No bar ${bar} by ${key}: ${JSON.stringify(found)}`);
                        }
                    });
                }
            },
        },
        {
            content: "Back to the pool",
            trigger: ".o_breadcrumb a:contains('Depot')",
            run: "click",
        },
        ...stepUtils.statusbarButtonsSteps("Split Costs", "The key stays: split the costs"),
        {
            content: "The year to split is suggested",
            trigger: `.o_form_view [name='date_from'] .o_daterange_end:contains('${YEAR}')`,
        },
        ...stepUtils.statusbarButtonsSteps("Compute", "Compute the shares"),
        isIn("Computed"),
        {
            content: "The share of Le Phare, and why",
            trigger: row("share_ids", "Jardin Le Phare", "45.10", "Your share"),
        },
        {
            content: "To the cent",
            trigger: ".o_field_widget[name='share_ids'] tfoot:contains('90.20')",
        },
        {
            content: "Who computed does not approve",
            trigger:
                ".o_form_view:not(:has(button[name='action_approve'])) .alert:contains('somebody else approves')",
        },
    ],
});

tours.add("ess_costs_approve", {
    steps: () => [
        ...openApp(),
        ...open("ess_cost_menu_root", "ess_cost_run_menu", "Runs"),
        {
            content: "What waits for somebody else",
            trigger: ".o_data_row:contains('Computed') td:contains('Depot')",
            run: "click",
        },
        ...act("Approve", "Approved"),
    ],
});

tours.add("ess_costs_post_and_settle", {
    steps: () => [
        ...openApp(),
        ...open("ess_cost_menu_root", "ess_cost_run_menu", "Runs"),
        {
            content: "What the second person has approved",
            trigger: ".o_data_row:contains('Approved') td:contains('Depot')",
            run: "click",
        },
        ...act("Post", "Posted"),
        {
            content: "Each member has its exchange",
            trigger: "button[name='action_view_exchanges']:contains('3')",
        },
        ...open("ess_exchange_menu_root", "ess_settlement_menu", "Settlements"),
        {
            content: "Settle",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...day("date_from", `${YEAR}-01-01`),
        ...day("date_to", `${YEAR}-12-31`),
        ...stepUtils.statusbarButtonsSteps("Prepare", "See who owes what"),
        isIn("Prepared"),
        {
            content: "Something is missing, so nothing can be posted",
            trigger:
                ".o_form_view:not(:has(button[name='action_post'])) .alert-danger:contains('Nothing can be posted yet')",
        },
        {
            content: "The hall has no product: mend it",
            trigger: `${row("issue_ids", "Hall, an evening", "has no product")} button[name='action_open']`,
            run: "click",
        },
        {
            content: "Look for the product",
            trigger: ".o_field_widget[name='product_id'] input",
            run: "edit Hire of the hall",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains('Hire of the hall')",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "Back to the settlement",
            trigger: ".o_breadcrumb .o_back_button a",
            run: "click",
        },
        ...stepUtils.statusbarButtonsSteps("Prepare Again", "Is anything else missing?"),
        {
            content: "Nothing is",
            trigger: ".o_statusbar_buttons button[name='action_post']:enabled",
        },
        {
            content: "Le Phare owes its share, and the van",
            trigger: row("line_ids", "Jardin Le Phare", "165.10"),
        },
        {
            content: "La Fabrique is owed the van, less its share",
            trigger: row("line_ids", "Radio La Fabrique", "97.45"),
        },
        ...act("Post", "Posted"),
        {
            content: "An invoice for each member",
            trigger: "button[name='action_view_invoices']:contains('3')",
            run: "click",
        },
        {
            content: "They are posted",
            trigger:
                ".o_list_view .o_data_row:contains('Jardin Le Phare'):contains('45.10'):contains('Posted')",
        },
    ],
});
