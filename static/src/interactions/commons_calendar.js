import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Month and week of an asset. The list below it says the same without script; it is
 * folded once the calendar is there.
 *
 * Times are those of the wall at the asset's place: the server sends them without a
 * zone and the calendar runs in UTC, so that nothing is converted in the browser.
 */
export class CommonsCalendar extends Interaction {
    static selector = ".o_commons_calendar";

    async willStart() {
        await loadBundle("web.fullcalendar_lib");
    }

    start() {
        const narrow = window.innerWidth < 576;
        const { Calendar } = window.FullCalendar;
        this.calendar = new Calendar(this.el, {
            timeZone: "UTC",
            locale: (this.el.dataset.lang || "en").slice(0, 2),
            // what is over is of no use to anybody
            validRange: { start: this.el.dataset.today },
            initialView: "dayGridMonth",
            initialDate: this.el.dataset.month,
            headerToolbar: {
                left: "title",
                center: "",
                right: "dayGridMonth,timeGridWeek prev,next",
            },
            buttonText: { month: _t("Month"), week: _t("Week") },
            height: "auto",
            firstDay: 1,
            allDaySlot: false,
            slotDuration: "01:00:00",
            slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
            dayHeaderFormat: narrow ? { weekday: "narrow" } : undefined,
            selectable: true,
            longPressDelay: 200,
            // a month is asked for by day, a week by step
            lazyFetching: false,
            events: this.fetch.bind(this),
            select: (span) => this.choose(span),
        });
        this.calendar.render();
        this.el.removeAttribute("aria-hidden");
        this.el.setAttribute("role", "group");
        this.el.setAttribute("aria-labelledby", "availability_title");
        document.querySelector(".o_commons_month")?.removeAttribute("open");
        this.registerCleanup(() => this.calendar.destroy());
    }

    async fetch(info) {
        const byDay = info.end - info.start > 8 * 24 * 3600 * 1000;
        const steps = await rpc(`/commons/${this.el.dataset.asset}/availability`, {
            first: info.startStr,
            last: info.endStr,
            by_day: byDay,
        });
        return byDay ? this.dayEvents(steps) : this.stepEvents(steps);
    }

    /** A month says of each day whether it is free, partly or not at all. */
    dayEvents(days) {
        const capacity = Number(this.el.dataset.capacity);
        const words = {
            taken: _t("taken"),
            closed: _t("closed"),
            partly: _t("partly"),
        };
        return days
            .filter((day) => day.state !== "free" || day.free < capacity)
            .map((day) => ({
                start: day.date,
                allDay: true,
                display: "background",
                title: words[day.state] || _t("%s free", day.free),
                className: `o_commons_${day.state === "free" ? "partly" : day.state}`,
            }));
    }

    stepEvents(steps) {
        return steps
            .filter((step) => step.free < step.capacity)
            .map((step) => ({
                start: step.start,
                end: step.stop,
                display: "background",
                title: step.free ? _t("%s free", step.free) : _t("taken"),
                className: step.free ? "o_commons_partly" : "o_commons_taken",
            }));
    }

    /** What was selected goes into the form; whole days mean all day. */
    choose({ start, end, allDay }) {
        const ask = document.querySelector(".o_commons_ask");
        if (!ask) {
            return;
        }
        const [startDate, startTime] = start.toISOString().split("T");
        let [stopDate, stopTime] = end.toISOString().split("T");
        if (stopTime.startsWith("00:00")) {
            stopDate = new Date(end - 1).toISOString().split("T")[0];
            stopTime = "24:00";
        }
        const times = { start_date: startDate, stop_date: stopDate };
        if (!allDay) {
            times.start_time = startTime.slice(0, 5);
            times.stop_time = stopTime.slice(0, 5);
        }
        ask.dispatchEvent(new CustomEvent("commons-dates", { detail: times }));
    }
}

registry
    .category("public.interactions")
    .add("ess_mutualisation.commons_calendar", CommonsCalendar);
