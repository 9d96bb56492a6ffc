import { registry } from "@web/core/registry";

/** Refuse a page that is wider than the phone. */
function fits() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        console.error(`${location.pathname} is wider than the phone.`);
    }
}

/** Fetch what a link downloads: a browser in a test keeps no files. */
function download(type) {
    return async function () {
        const response = await fetch(this.anchor.href);
        const content = await response.blob();
        const kind = response.headers.get("Content-Type");
        if (!response.ok || !kind.includes(type) || content.size < 1000) {
            console.error(`No ${type} behind ${this.anchor.href}: ${kind}`);
        }
        document.body.classList.add(`o_tour_has_${type}`);
    };
}

registry.category("web_tour.tours").add("ess_commons_statement", {
    steps: () => [
        {
            content: "The card of the statements on /my",
            trigger: ".o_portal_index_card:not(.d-none) a[href='/my/statements']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The statement of January: 165.10 are owed",
            trigger: ".o_commons_row:contains('165.10') a[href^='/my/statements/']",
            run() {
                fits();
                this.anchor.click();
            },
            expectUnloadPage: true,
        },
        {
            content: "What to do stands first",
            trigger: ".o_commons_todo:contains('You pay'):contains('Radio La Fabrique')",
            run: fits,
        },
        {
            content: "Line by line, with what became of it",
            trigger:
                ".o_commons_statement .o_commons_row:contains('Van, 3 days'):contains('Settled between members')",
        },
        {
            content: "The statement on paper",
            trigger: "a[name='statement_pdf']",
            run: download("pdf"),
        },
        {
            content: "The statement as a workbook",
            trigger: ".o_tour_has_pdf a[name='statement_xlsx']",
            run: download("sheet"),
        },
        {
            content: "What was shared and given besides",
            trigger: ".o_tour_has_sheet .o_commons_subnav a[href='/my/reciprocity']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The chart fits the phone",
            trigger: "svg.o_commons_chart",
            run: fits,
        },
        {
            content: "Shared costs",
            trigger: ".o_commons_subnav a[href='/my/costs']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It fits as well",
            trigger: ".o_commons_subnav a.active[href='/my/costs']",
            run: fits,
        },
    ],
});

registry.category("web_tour.tours").add("ess_commons_share", {
    steps: () => [
        {
            content: "The share of the depot",
            trigger: ".o_commons_row:contains('45.10') a[href^='/my/costs/']",
            run() {
                fits();
                this.anchor.click();
            },
            expectUnloadPage: true,
        },
        {
            content: "Why it is that much",
            trigger: "main:contains('90.20'):contains('Your share')",
            run: fits,
        },
        {
            content: "The evidence, as a workbook",
            trigger: "a[href*='/pack.xlsx']",
            run: download("sheet"),
        },
        {
            content: "It was there",
            trigger: ".o_tour_has_sheet",
        },
    ],
});
