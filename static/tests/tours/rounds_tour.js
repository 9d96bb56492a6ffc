import { registry } from "@web/core/registry";

function wide(what) {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        console.error(`${what} is wider than the phone.`);
    }
}

const FLOUR = ".o_commons_offer:contains('Flour T80')";

registry.category("web_tour.tours").add("ess_rounds_commit", {
    steps: () => [
        {
            content: "The card of rounds on /my",
            trigger: ".o_portal_index_card a[href='/my/rounds']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The round that is open",
            trigger: ".o_commons_row a:contains('January')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Find the flour",
            trigger: "#round_search",
            run: "edit flour",
        },
        {
            content: "The soap is out of the way",
            trigger: ".o_commons_offer.d-none:contains('Soap'):not(:visible)",
        },
        {
            content: "Ten bags",
            trigger: `${FLOUR} input[name^='want_']`,
            run: "edit 10",
        },
        {
            content: "Fourteen more make it cheaper for everybody",
            trigger: `${FLOUR} .o_commons_offer_said:contains('14'):contains('−10')`,
        },
        {
            content: "More options",
            trigger: `${FLOUR} summary`,
            run: "click",
        },
        {
            content: "Two more would do",
            trigger: `${FLOUR} input[name^='tolerance_']`,
            run: "edit 2",
        },
        {
            content: "So a carton is full, at 30 a bag",
            trigger: `${FLOUR} .o_commons_offer_said:contains('you would get 12'):contains('360.00')`,
        },
        {
            content: "At most 28 a bag",
            trigger: `${FLOUR} input[name^='ceiling_']`,
            run: "edit 28",
        },
        {
            content: "At 30 there is nothing for us yet",
            trigger: `${FLOUR} .o_commons_offer_said:contains('nothing of it')`,
            run: () => wide("The round"),
        },
    ],
});

registry.category("web_tour.tours").add("ess_rounds_nearer", {
    steps: () => [
        {
            content: "Another member has come: at 27 a bag we get ours",
            trigger: `${FLOUR} .o_commons_offer_said:contains('27.00'):contains('One other member')`,
        },
        {
            content: "And one carton is filled by our tolerance",
            trigger: `${FLOUR} .o_commons_offer_said:contains('you would get 12')`,
        },
    ],
});

registry.category("web_tour.tours").add("ess_rounds_result", {
    steps: () => [
        {
            content: "What we get, and why",
            trigger: ".o_commons_panel:contains('Flour T80'):contains('You get'):contains('12')",
            run: () => wide("The result"),
        },
        {
            content: "When we come",
            trigger: "input[name='slot']",
            run: "click",
        },
        {
            content: "Say so",
            trigger: "button:contains('We come then')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "We are expected",
            trigger: ".alert-success:contains('We expect you')",
        },
    ],
});

registry.category("web_tour.tours").add("ess_rounds_collect", {
    steps: () => [
        {
            content: "Hand out the goods",
            trigger: "a:contains('Hand out the goods')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "All of it to Le Phare",
            trigger: "section:contains('Jardin Le Phare') button:contains('Everything given')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has everything",
            trigger: "section:contains('Jardin Le Phare'):contains('Has everything')",
            run: () => wide("The check-off"),
        },
    ],
});
