import { registry } from "@web/core/registry";

/** A day from today at the assets' place, as a date field wants it. */
function day(days) {
    const date = new Date(Date.now() + days * 24 * 3600 * 1000);
    return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(date);
}

/** The helper `edit` knows no empty date fields. */
function pick(days) {
    return function () {
        this.anchor.value = day(days);
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}


registry.category("web_tour.tours").add("ess_commons_ask", {
    steps: () => [
        {
            content: "The card of the catalogue on /my",
            trigger: ".o_portal_index_card a[href='/commons']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "From when",
            trigger: ".o_commons_search input[name='start_date']",
            run: pick(1),
        },
        {
            content: "To when",
            trigger: ".o_commons_search input[name='stop_date']",
            run: pick(1),
        },
        {
            content: "At nine",
            trigger: ".o_commons_search select[name='start_time']",
            run: "select 09:00",
        },
        {
            content: "Until five",
            trigger: ".o_commons_search select[name='stop_time']",
            run: "select 17:00",
        },
        {
            content: "Search",
            trigger: ".o_commons_search button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The van that is free is there, the one that is taken is not",
            trigger: ".o_commons_card:contains('Free van'):contains('Free')",
            run() {
                if (document.body.textContent.includes("Busy van")) {
                    console.error("A van that is taken is offered.");
                }
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    console.error("The catalogue is wider than the phone.");
                }
            },
        },
        {
            content: "Its page",
            trigger: ".o_commons_card a:contains('Free van')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The dates came along, the price is said before one asks",
            trigger: `.o_commons_ask:has(input[name='start_date'][value='${day(
                1
            )}']) .o_commons_live:contains('40.00')`,
        },
        {
            content: "The calendar is there",
            trigger: ".o_commons_calendar .fc-daygrid-day",
        },
        {
            content: "An hour later: the price is worked out and the time is held",
            trigger: ".o_commons_ask select[name='stop_time']",
            run: "select 18:00",
        },
        {
            content: "Held",
            trigger: ".o_commons_held:contains('15')",
        },
        {
            content: "What for",
            trigger: ".o_commons_ask input[name='purpose']",
            run: "edit Moving the nursery",
        },
        {
            content: "Ask",
            trigger: ".o_commons_ask button:contains('Send the request')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It waits for the owner; no door code yet",
            trigger: ".o_commons_status:contains('Waiting for an answer')",
            run() {
                if (document.body.textContent.includes("4711")) {
                    console.error("The door code is shown before the answer.");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("ess_commons_approve", {
    steps: () => [
        {
            content: "The request is announced on /my",
            trigger: ".o_portal_index_card:not(.d-none) a[href='/my/requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Approve what the nursery asked for",
            trigger:
                ".o_commons_request:contains('Moving the nursery') button:contains('Approve')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Done",
            trigger: ".alert-success:contains('Approved')",
        },
    ],
});

registry.category("web_tour.tours").add("ess_commons_use", {
    steps: () => [
        {
            content: "The booking",
            trigger: ".o_commons_row a:contains('Free van')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The door code",
            trigger: ".o_commons_instructions:contains('4711')",
        },
        {
            content: "I have it",
            trigger: "button[name='hand_over']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is back",
            trigger: "button[name='return']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".alert-success:contains('Noted: it is back')",
        },
    ],
});
