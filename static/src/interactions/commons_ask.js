import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const TYPED = ["start_date", "start_time", "stop_date", "stop_time", "quantity"];

/**
 * The request form of an asset, live: price, whether the dates are free, free times
 * nearby, and a hold on the dates while the rest is filled in. Without it, the form
 * works all the same.
 */
export class CommonsAsk extends Interaction {
    static selector = ".o_commons_ask";
    dynamicContent = {
        _root: { "t-on-commons-dates": this.onDatesChosen },
        "[name='start_date']": { "t-on-change": this.onStartChange },
        "[name='start_time'], [name='stop_date'], [name='stop_time'], [name='quantity']":
            { "t-on-change": this.refresh },
    };

    setup() {
        this.url = `/commons/${this.el.dataset.asset}`;
        this.turn = 0;
    }

    input(name) {
        return this.el.querySelector(`[name='${name}']`);
    }

    typed() {
        const values = {};
        for (const name of TYPED) {
            values[name] = this.input(name)?.value || "";
        }
        return values;
    }

    /** The calendar, or a free time nearby, gives all four fields at once. */
    onDatesChosen(ev) {
        this.fill(ev.detail);
        this.el.scrollIntoView({ block: "start" });
        return this.refresh();
    }

    /** A use rarely ends before it starts: the last day follows the first. */
    onStartChange() {
        const start = this.input("start_date");
        const stop = this.input("stop_date");
        if (!stop.value || stop.value < start.value) {
            stop.value = start.value;
        }
        return this.refresh();
    }

    fill(times) {
        for (const [name, value] of Object.entries(times)) {
            const input = this.input(name);
            if (input && value) {
                input.value = value;
            }
        }
    }

    async refresh() {
        const typed = this.typed();
        if (!typed.start_date || !typed.stop_date) {
            return;
        }
        const turn = ++this.turn;
        const quote = await this.waitFor(rpc(`${this.url}/quote`, typed));
        if (turn !== this.turn) {
            return; // newer dates were chosen meanwhile
        }
        this.show(quote, null);
        if (!quote.sentences.length) {
            const hold = await this.waitFor(rpc(`${this.url}/hold`, typed));
            if (turn === this.turn) {
                this.show(quote, hold);
            }
        }
    }

    show(quote, hold) {
        const fragment = document.createDocumentFragment();
        if (quote.amount) {
            const line = this.line(fragment, "mb-1");
            this.text(line, "span", "fs-5 fw-bold me-2", quote.amount);
            this.text(line, "small", "text-muted", quote.detail);
        }
        for (const sentence of quote.sentences) {
            this.text(fragment, "p", "text-danger mb-1", sentence);
        }
        if (!quote.sentences.length) {
            this.text(fragment, "p", "text-success mb-1", _t("Free for these dates"));
        }
        if (hold?.minutes) {
            this.text(
                fragment,
                "p",
                "small text-muted mb-1 o_commons_held",
                _t("Kept for you for %s minutes.", hold.minutes)
            );
        } else if (hold?.message) {
            this.text(fragment, "p", "text-danger mb-1", hold.message);
        }
        this.offer(fragment, quote.nearest);
        this.el.querySelector(".o_commons_live").replaceChildren(fragment);
    }

    /** Free times nearby: a tap fills the form. */
    offer(parent, nearest) {
        if (!nearest.length) {
            return;
        }
        this.text(parent, "p", "mb-1 fw-bold", _t("Free times nearby:"));
        const group = this.line(parent, "d-grid gap-2", "div");
        for (const choice of nearest) {
            const button = this.text(
                group,
                "button",
                "btn btn-light text-start",
                choice.words
            );
            button.type = "button";
            this.addListener(button, "click", () => {
                this.fill(choice.times);
                this.refresh();
            });
        }
    }

    line(parent, classes, tag = "p") {
        const element = document.createElement(tag);
        element.className = classes;
        parent.appendChild(element);
        return element;
    }

    text(parent, tag, classes, words) {
        const element = this.line(parent, classes, tag);
        element.textContent = words;
        return element;
    }
}

registry.category("public.interactions").add("ess_mutualisation.commons_ask", CommonsAsk);
