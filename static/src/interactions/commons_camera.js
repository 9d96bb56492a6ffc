import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

/**
 * Photos of a phone, made smaller before they are sent: a photo of 8 MB takes minutes on
 * the network of a village hall. Each shot joins those before, which a file input alone
 * would forget. Without it, the input works all the same.
 */
export class CommonsCamera extends Interaction {
    static selector = ".o_commons_camera";
    dynamicContent = {
        "input[type='file']": { "t-on-change": this.onShot },
    };

    setup() {
        this.input = this.el.querySelector("input[type='file']");
        this.list = this.el.querySelector(".o_commons_camera_new");
        this.shots = [];
        this.registerCleanup(() => this.forget(this.shots));
    }

    async onShot() {
        const form = this.input.form;
        // what is still being made smaller must not be sent half
        const buttons = [...form.querySelectorAll("button[type='submit']:not(:disabled)")];
        buttons.forEach((button) => (button.disabled = true));
        try {
            const files = [...this.input.files];
            const added = await this.waitFor(Promise.all(files.map(shrink)));
            this.shots.push(
                ...added.map((file) => ({ file, url: URL.createObjectURL(file) }))
            );
            this.show();
        } finally {
            buttons.forEach((button) => (button.disabled = false));
        }
    }

    /** The input holds all shots, the list shows them. */
    show() {
        const transfer = new DataTransfer();
        this.shots.forEach((shot) => transfer.items.add(shot.file));
        this.input.files = transfer.files;
        this.list.replaceChildren(...this.shots.map((shot) => this.thumbnail(shot)));
    }

    thumbnail(shot) {
        const item = document.createElement("li");
        const image = document.createElement("img");
        image.src = shot.url;
        image.alt = shot.file.name;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-light";
        button.setAttribute("aria-label", _t("Delete this photo"));
        button.innerHTML = '<i class="fa fa-trash" aria-hidden="true"></i>';
        this.addListener(button, "click", () => this.drop(shot));
        item.append(image, button);
        return item;
    }

    drop(shot) {
        this.forget([shot]);
        this.shots = this.shots.filter((one) => one !== shot);
        this.show();
    }

    forget(shots) {
        shots.forEach((shot) => URL.revokeObjectURL(shot.url));
    }
}

/** The photo with its longest side at most 1600 px; as it is when that is no photo. */
async function shrink(file) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
        return file; // the server says what is wrong with it
    }
    const ratio = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * ratio));
    canvas.height = Math.max(1, Math.round(bitmap.height * ratio));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || (ratio === 1 && blob.size >= file.size)) {
        return file;
    }
    const name = file.name.replace(/\.\w+$/, "") || "photo";
    return new File([blob], `${name}.jpg`, { type: "image/jpeg" });
}

registry.category("public.interactions").add("ess_mutualisation.commons_camera", CommonsCamera);
