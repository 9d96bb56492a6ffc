import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Where one is stays in sight, when the navigation is wider than the phone. */
export class CommonsNav extends Interaction {
    static selector = ".o_commons_nav";

    start() {
        const here = this.el.querySelector(".active");
        if (here) {
            this.el.scrollLeft =
                here.offsetLeft - (this.el.clientWidth - here.offsetWidth) / 2;
        }
    }
}

registry.category("public.interactions").add("ess_mutualisation.commons_nav", CommonsNav);
