import { rpc } from "@web/core/network/rpc";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const PAUSE = 500;
/** A number with a comma or a point, as a person or the page writes it. */
function toNumber(text) {
    let plain = text.replace(/\s/g, "");
    const group = localization.thousandsSep;
    if (group && plain.split(group).every((part, i) => !i || /^\d{3}$/.test(part))) {
        plain = plain.replaceAll(group, "");
    }
    return parseFloat(plain.replace(",", ".")) || 0;
}

const NAMES = ["want", "tolerance", "minimum", "ceiling"];

/**
 * A round while it is open: what is typed is saved a moment later, product by product,
 * and the sentences about it follow. Without it, the button saves the whole page.
 */
export class CommonsRound extends Interaction {
    static selector = ".o_commons_round";
    dynamicContent = {
        ".o_commons_offer_input": { "t-on-input": this.onInput },
        ".o_commons_offer_less": { "t-on-click": (ev) => this.step(ev, -1) },
        ".o_commons_offer_more": { "t-on-click": (ev) => this.step(ev, 1) },
    };

    setup() {
        this.timers = new Map();
        // one product after the other: the second save knows the version of the first
        this.queue = Promise.resolve();
    }

    start() {
        for (const button of this.el.querySelectorAll(
            ".o_commons_offer_less, .o_commons_offer_more"
        )) {
            button.classList.remove("d-none");
        }
    }

    onInput(ev) {
        this.later(ev.target.closest(".o_commons_offer"));
    }

    step(ev, change) {
        const offer = ev.target.closest(".o_commons_offer");
        const input = this.field(offer, "want");
        // in steps of the product, written as the language writes it
        const step = toNumber(offer.dataset.step) || 1;
        const point = localization.decimalPoint;
        const steps = Math.round(toNumber(input.value) / step) + change;
        const number = Number((Math.max(0, steps) * step).toFixed(6));
        input.value = number ? String(number).replace(".", point) : "";
        this.later(offer);
    }

    field(offer, name) {
        return offer.querySelector(`[name="${name}_${offer.dataset.offer}"]`);
    }

    later(offer) {
        clearTimeout(this.timers.get(offer));
        this.timers.set(
            offer,
            this.waitForTimeout(() => this.enqueue(offer), PAUSE)
        );
    }

    enqueue(offer) {
        this.queue = this.queue.then(() => this.save(offer));
        return this.queue;
    }

    async save(offer) {
        const typed = { version: this.field(offer, "version").value };
        for (const name of NAMES) {
            typed[name] = this.field(offer, name).value;
        }
        let answer;
        try {
            answer = await this.waitFor(
                rpc(`/my/rounds/${this.el.dataset.round}/save`, {
                    offer_id: Number(offer.dataset.offer),
                    typed,
                })
            );
        } catch {
            answer = { error: _t("Not saved: there is no network. Type it again later.") };
        }
        this.show(offer, typed, answer);
    }

    show(offer, typed, answer) {
        const refusal = offer.querySelector(".o_commons_offer_refusal");
        refusal.textContent = answer.error || "";
        refusal.classList.toggle("d-none", !answer.error);
        offer.classList.toggle("border-danger", Boolean(answer.error));
        if (!answer.error || answer.stale) {
            // who saves again after it has read what others gave keeps its own
            this.field(offer, "version").value = answer.version;
        }
        if (!answer.error) {
            this.field(offer, "shown").value = NAMES.map((name) => typed[name]).join("|");
        }
        if (answer.row) {
            this.replace(offer.querySelector(".o_commons_offer_said"), answer.row);
            const supplier = offer.closest("section").querySelector(".o_commons_supplier_said");
            this.replace(supplier, answer.supplier);
            this.replace(this.el.querySelector(".o_commons_round_totals"), answer.totals);
        }
    }

    /** HTML of our own server, in which every value was escaped. */
    replace(target, html) {
        const parsed = new DOMParser().parseFromString(html, "text/html");
        target.replaceChildren(...parsed.body.childNodes);
    }
}

registry.category("public.interactions").add("ess_mutualisation.commons_round", CommonsRound);

/** Search as one types: what does not match is hidden, nothing typed is lost. */
export class CommonsRoundSearch extends Interaction {
    static selector = ".o_commons_round_search";
    dynamicContent = {
        _root: { "t-on-input": this.onInput },
    };

    onInput() {
        const wanted = this.el.value.trim().toLowerCase();
        for (const offer of document.querySelectorAll(".o_commons_offer")) {
            offer.classList.toggle("d-none", !offer.dataset.words.includes(wanted));
        }
    }
}

registry
    .category("public.interactions")
    .add("ess_mutualisation.commons_round_search", CommonsRoundSearch);
