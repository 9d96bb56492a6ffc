import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A refusal may stand far down the page: it is brought into sight, and read out. */
export class CommonsRefusal extends Interaction {
    static selector = ".o_commons_refusal";

    start() {
        if (document.querySelector(CommonsRefusal.selector) === this.el) {
            this.el.focus({ preventScroll: true });
            this.el.scrollIntoView({ block: "center" });
        }
    }
}

registry
    .category("public.interactions")
    .add("ess_mutualisation.commons_refusal", CommonsRefusal);
