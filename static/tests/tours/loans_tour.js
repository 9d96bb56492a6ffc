import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const HOUR = 3600 * 1000;

/** Refuse a page that is wider than the phone. */
function fits() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        console.error(`${location.pathname} is wider than the phone.`);
    }
}

/** In so many full hours, on the wall in Paris: ["2026-06-12", "14:00"]. */
function inHours(hours) {
    const instant = new Date(Math.floor(Date.now() / HOUR) * HOUR + hours * HOUR);
    const options = { timeZone: "Europe/Paris" };
    const day = new Intl.DateTimeFormat("en-CA", options).format(instant);
    const clock = new Intl.DateTimeFormat("en-GB", {
        ...options,
        hour: "2-digit",
        minute: "2-digit",
    }).format(instant);
    return [day, clock];
}

/** The helper `edit` knows no empty date fields. */
function pickDay(hours) {
    return function () {
        this.anchor.value = inHours(hours)[0];
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

/** As the camera of a phone does it: a picture of 2400 × 1800 in the input. */
async function shoot() {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1800;
    canvas.getContext("2d").fillRect(0, 0, 1200, 900);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], "image.jpg", { type: "image/jpeg" }));
    this.anchor.files = transfer.files;
    this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A tap that leads to another page. */
function tap(content, trigger) {
    return {
        content,
        trigger,
        run() {
            fits();
            this.anchor.click();
        },
        expectUnloadPage: true,
    };
}

function see(content, trigger) {
    return { content, trigger, run: fits };
}

function edit(content, trigger, value) {
    return { content, trigger, run: `edit ${value}` };
}

function announced(title, url) {
    return tap(title, `.o_portal_index_card:not(.d-none) a[href='${url}']:contains('${title}')`);
}

/** What waits, from the list of the loans: the button under its sentence. */
function next(sentence, button) {
    return tap(
        `${sentence}: ${button}`,
        `.o_commons_todo:contains('${sentence}') .btn-primary:contains('${button}')`
    );
}

function photo(scope) {
    return [
        {
            content: "Take a photo",
            trigger: `${scope} .o_commons_camera input[type='file'][capture]`,
            run: shoot,
        },
        {
            content: "It is shown, smaller than it was taken",
            trigger: `${scope} .o_commons_camera_new img`,
            run() {
                const [file] = document.querySelector(`${scope} input[type='file']`).files;
                return createImageBitmap(file).then((bitmap) => {
                    if (bitmap.width !== 1600) {
                        console.error(`The photo is ${bitmap.width} px wide.`);
                    }
                });
            },
        },
    ];
}

/** The name is filled in and drawn: one tap signs. */
function sign() {
    return [
        next("Read the agreement and sign it", "Read and sign"),
        see("The agreement can be read on the phone", ".o_commons_agreement:contains('Chairs')"),
        tap("Sign it", "#sign .o_portal_sign_submit:enabled"),
        see("Signed", ".alert-success:contains('Signed')"),
    ];
}

function backToLoans() {
    return tap("All our loans", ".o_commons_nav a[href='/my/loans']");
}

tours.add("ess_loans_need", {
    steps: () => [
        tap("The card of needs on /my", ".o_portal_index_card a[href='/my/needs']:contains('Say what')"),
        tap("Say what is needed", "a[href='/my/needs/new']"),
        edit("What", "input[name='name']", "Chairs"),
        edit("How many", ".o_commons_need_form input[name='quantity']", "50"),
        {
            content: "Of which kind",
            trigger: "select[name='category_id']",
            run: "selectByLabel Furniture",
        },
        { content: "From", trigger: "input[name='start_date']", run: pickDay(2) },
        {
            content: "… two hours from now",
            trigger: "select[name='start_time']",
            run: `select ${inHours(2)[1]}`,
        },
        { content: "Until", trigger: "input[name='stop_date']", run: pickDay(8) },
        {
            content: "… six hours later",
            trigger: "select[name='stop_time']",
            run: `select ${inHours(8)[1]}`,
        },
        tap("Publish it", "button[name='save']"),
        see("Two lenders are asked", ".o_commons_status:contains('Lenders asked: 2')"),
    ],
});

tours.add("ess_loans_agree", {
    steps: () => [
        announced("Needs that you could meet", "/my/needs"),
        tap("Yes", ".o_commons_panel:contains('Chairs') button[name='agree']"),
        see("Thank you", ".alert-success:contains('Nothing is booked yet')"),
    ],
});

tours.add("ess_loans_take", {
    steps: () => [
        announced("Needs for which you can choose", "/my/needs"),
        tap("The need", ".o_commons_row a:contains('50 × Chairs')"),
        see(
            "30 of one, 20 of the other, at 25 €",
            ".o_commons_proposal:contains('30 × Chairs'):contains('20 × Garden chairs'):contains('25.00')"
        ),
        tap("Take it", ".o_commons_proposal button[name='accept']"),
        see("All of it is booked", ".o_commons_status:contains('All of it is booked')"),
        backToLoans(),
        see("Two agreements wait", "li.o_commons_todo:contains('Radio La Fabrique')"),
        ...sign(),
        backToLoans(),
        ...sign(),
        backToLoans(),
        see(
            "Nothing waits any more",
            "body:not(:has(.o_commons_todo)) .o_commons_row:contains('Labo Les Semeurs')"
        ),
    ],
});

tours.add("ess_loans_sign", {
    steps: () => [announced("Loans", "/my/loans"), ...sign()],
});

tours.add("ess_loans_hand_over", {
    steps: () => [
        next("Take the deposit of", "I have the deposit"),
        {
            content: "As a cheque",
            trigger: "#deposit select[name='method']",
            run: "select cheque",
        },
        edit("Its number", "#deposit input[name='reference']", "0042"),
        tap("Note it", "#deposit button:contains('I have the deposit')"),
        next("Hand it over to Jardin Le Phare", "Start the hand-over"),
        see("All thirty are there", ".o_commons_inspection input[name^='quantity_']:value(30)"),
        ...photo(".o_commons_inspection"),
        tap("Record it", "button[name='record']"),
        see("Recorded", ".alert-success:contains('Recorded')"),
        see("With the photo", ".o_commons_shots img"),
        tap("Back to the loan", "a.o_commons_back"),
        see("What is next", ".o_commons_next:contains('Jardin Le Phare has it until')"),
    ],
});

tours.add("ess_loans_return_a_part", {
    steps: () => [
        next("recorded the hand-over", "Look at it"),
        see("The photo of the lender", ".o_commons_shots img"),
        tap("It is so", "button[name='acknowledge']"),
        tap("Back to the loan", "a.o_commons_back"),
        tap("Bring some back", "button[name='next']:contains('Record the return')"),
        edit("Twenty only", ".o_commons_inspection input[name^='quantity_']", "20"),
        tap("Record it", "button[name='record']"),
        tap("Back to the loan", "a.o_commons_back"),
        see("Ten are still out", ".o_commons_next:contains('10 still out')"),
    ],
});

tours.add("ess_loans_damage", {
    steps: () => [
        next("recorded the return", "Look at it"),
        tap("Twenty, it is so", "button[name='acknowledge']"),
        tap("Back to the loan", "a.o_commons_back"),
        tap("The others", "button[name='next']:contains('Record the return')"),
        see("Ten were out", ".o_commons_inspection input[name^='quantity_']:value(10)"),
        edit("Two of them are broken", ".o_commons_inspection input[name^='damaged_']", "2"),
        tap("Record it", "button[name='record']"),
        tap("Say what happened", "a.btn-primary[href*='/damages/new']"),
        edit("In words", "textarea[name='description']", "Two legs are broken"),
        ...photo("main"),
        tap("Report it", "button:contains('Report it')"),
        see("With the photo", ".o_commons_shots img"),
        edit("What the mending costs", "input[name='cost']", "80"),
        {
            content: "Half and half",
            trigger: "select[name='bearer']",
            run: "select shared",
        },
        edit("By half", "input[name='borrower_percent']", "50"),
        {
            content: "From the deposit first",
            trigger: "input[name='from_deposit']",
            run() {
                if (!this.anchor.checked) {
                    this.anchor.click();
                }
            },
        },
        tap("Propose it", "button:contains('Propose it')"),
        see("Le Phare would bear 40 €", ".o_commons_facts:contains('80.00'):contains('40.00')"),
    ],
});

tours.add("ess_loans_agree_on_damage", {
    steps: () => [
        next("recorded the return", "Look at it"),
        tap("It is so", "button[name='acknowledge']"),
        backToLoans(),
        next("says who bears the damage", "See the damage"),
        see("The photo of it", ".o_commons_shots img"),
        see("40 €", ".o_commons_next:contains('40.00')"),
        tap("We agree", "button[name='agree']"),
        see("Agreed", ".alert-success:contains('You agreed')"),
    ],
});

tours.add("ess_loans_keep", {
    steps: () => [
        next("As agreed, keep", "Keep a part of the deposit"),
        see("The amount is there", "#deposit input[name='amount']:value(40.00)"),
        edit("Why", "#deposit textarea[name='reason']", "Two broken legs"),
        tap("Keep it", "#deposit button:contains('Keep this part')"),
        see("Kept", "main:contains('Kept'):contains('Two broken legs')"),
        see("Nothing else is left", ".o_commons_next:contains('Everything is back')"),
    ],
});

/** The statement of one side: what it says first, and a line for each thing. */
function statement(todo, net, ...rows) {
    const list = ".o_commons_statement .o_commons_row";
    return [
        announced("Statements", "/my/statements"),
        tap("The last one", ".o_commons_row a[href^='/my/statements/']"),
        ...todo.map((words) => see(words, `.o_commons_todo:contains('${words}')`)),
        ...rows.map(([words, amount]) =>
            see(`${words}: ${amount}`, `${list}:contains('${words}'):contains('${amount}')`)
        ),
        see("In all", `.o_commons_total:contains('${net}')`),
    ];
}

tours.add("ess_loans_statement_of_borrower", {
    steps: () =>
        statement(
            ["You pay 15.00", "You pay 10.00"],
            "25.00",
            ["Garden chairs", "10.00"],
            ["Chairs", "15.00"],
            ["Chairs", "40.00"],
            ["against what is owed", "40.00"]
        ),
});

tours.add("ess_loans_statement_of_lender", {
    steps: () =>
        statement(
            ["You receive 15.00"],
            "15.00",
            ["Chairs", "15.00"],
            ["Chairs", "40.00"],
            ["against what is owed", "40.00"]
        ),
});
