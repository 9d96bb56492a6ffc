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
        _root: { "t-on-submit": this.onSubmit },
        // what was typed and is not saved yet, when one leaves the page
        _window: { "t-on-pagehide": this.saveWaiting },
        ".o_commons_offer_input": { "t-on-input": this.onInput },
        ".o_commons_offer_less": { "t-on-click": (ev) => this.step(ev, -1) },
        ".o_commons_offer_more": { "t-on-click": (ev) => this.step(ev, 1) },
    };

    setup() {
        this.timers = new Map();
        this.saving = 0;
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
        this.mark(offer, "");
        clearTimeout(this.timers.get(offer));
        this.timers.set(
            offer,
            this.waitForTimeout(() => this.enqueue(offer), PAUSE)
        );
    }

    /** Nobody reads the answer any more; the request outlives the page. */
    saveWaiting() {
        for (const offer of this.timers.keys()) {
            const params = this.params(offer);
            fetch(this.url, {
                method: "POST",
                keepalive: true,
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
            });
        }
        this.timers.clear();
    }

    get url() {
        return `/my/rounds/${this.el.dataset.round}/save`;
    }

    params(offer) {
        const typed = { version: this.field(offer, "version").value };
        for (const name of NAMES) {
            typed[name] = this.field(offer, name).value;
        }
        return { offer_id: Number(offer.dataset.offer), typed };
    }

    mark(offer, text) {
        const saved = offer.querySelector(".o_commons_offer_saved");
        saved.textContent = text;
        saved.classList.toggle("d-none", !text);
    }

    enqueue(offer) {
        clearTimeout(this.timers.get(offer));
        this.timers.delete(offer);
        this.saving++;
        this.queue = this.queue.then(() => this.save(offer));
        return this.queue;
    }

    /** What is on its way comes first, or the page would overtake itself. */
    async onSubmit(ev) {
        if (!this.timers.size && !this.saving) {
            return;
        }
        ev.preventDefault();
        for (const offer of [...this.timers.keys()]) {
            this.enqueue(offer);
        }
        await this.waitFor(this.queue);
        if (!this.el.querySelector(".o_commons_offer.border-danger")) {
            this.el.submit();
        }
    }

    async save(offer) {
        const params = this.params(offer);
        let answer;
        try {
            answer = await this.waitFor(rpc(this.url, params));
        } catch {
            answer = { error: _t("Not saved: there is no network. Type it again later.") };
        }
        this.saving--;
        this.show(offer, params.typed, answer);
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
            // more may have been typed while it was saved
            this.mark(offer, this.timers.has(offer) ? "" : _t("This is saved."));
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
    static selector = ".o_commons_round_find";
    dynamicContent = {
        _root: { "t-on-submit.prevent": this.show },
        "input[name='search']": { "t-on-input": this.show },
    };

    show() {
        const typed = this.el.querySelector("input[name='search']").value.trim();
        // as the server writes the words of a product: no accents, no capitals
        const wanted = typed.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
        let found = 0;
        for (const supplier of document.querySelectorAll(".o_commons_supplier")) {
            let some = 0;
            for (const offer of supplier.querySelectorAll(".o_commons_offer")) {
                const matches = offer.dataset.words.includes(wanted);
                offer.classList.toggle("d-none", !matches);
                some += matches;
            }
            supplier.classList.toggle("d-none", !some);
            found += some;
        }
        document.querySelector(".o_commons_round_none").classList.toggle("d-none", found > 0);
    }
}

registry
    .category("public.interactions")
    .add("ess_mutualisation.commons_round_search", CommonsRoundSearch);
