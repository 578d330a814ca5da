import QtQuick
import Kiosk

// Blocks one below the other; what does not fit comes on the next page. Nothing scrolls, nothing is cut in two. The last
// may stand below each page of the others.
Item {
    id: root

    default property alias blocks: sheet.data
    property int current: 0
    property int pages: 1
    property bool fromTheEnd: false // the last page is full and is shown first, and the first has what is left
    property bool atTheEnd: root.fromTheEnd // stays there, whatever comes, until somebody turns back
    property bool pinned: false
    readonly property bool split: root.pages > 1
    property real used: 0
    property var watched: []

    function schedule(): void {
        later.restart();
    }
    function toTheEnd(): void {
        root.atTheEnd = true;
        root.schedule();
    }
    function present(): var {
        const found = [];
        for (let i = 0; i < sheet.children.length; i++) {
            const block = sheet.children[i] as Block;
            if (block && block.height > 0)
                found.push(block);
            else if (block)
                block.visible = false;
        }
        return found;
    }
    function breaks(blocks: var, room: real): var {
        const starts = [0];
        let y = 0;
        for (let i = 0; i < blocks.length; i++) {
            const fresh = starts[starts.length - 1] === i;
            const top = fresh ? 0 : y + blocks[i].gapBefore;
            let bottom = top + blocks[i].height;
            if (blocks[i].keepWithNext && i + 1 < blocks.length)
                bottom += blocks[i + 1].gapBefore + blocks[i + 1].height;
            if (!fresh && bottom > room) {
                starts.push(i);
                y = blocks[i].height;
            } else {
                y = top + blocks[i].height;
            }
        }
        return starts;
    }
    function breaksFromTheEnd(blocks: var, room: real): var {
        const starts = [];
        let y = 0;
        for (let i = blocks.length - 1; i >= 0; i--) {
            const below = y > 0 ? y + blocks[i + 1].gapBefore : 0;
            if (y > 0 && below + blocks[i].height > room) {
                starts.unshift(i + 1);
                y = blocks[i].height;
            } else {
                y = below + blocks[i].height;
            }
        }
        starts.unshift(0);
        return starts;
    }
    function arrange(): void {
        if (root.height <= 0)
            return;
        root.watch();
        const blocks = root.present();
        let starts = root.breaks(blocks, root.height + 0.5);
        const foot = starts.length > 1 && blocks[blocks.length - 1].everyPage ? blocks.pop() : null;
        const floor = root.height - pager.implicitHeight - Sizes.gap;
        if (starts.length > 1)
            starts = (root.fromTheEnd ? root.breaksFromTheEnd : root.breaks)(blocks, foot ? floor - foot.height - foot.gapBefore : floor);
        root.pages = starts.length;
        root.current = root.atTheEnd ? root.pages - 1 : Math.min(root.current, root.pages - 1);
        const first = starts[root.current];
        const end = root.current + 1 < starts.length ? starts[root.current + 1] : blocks.length;
        let y = 0;
        for (let i = 0; i < blocks.length; i++) {
            const here = i >= first && i < end;
            blocks[i].visible = here;
            blocks[i].firstOnPage = i === first;
            blocks[i].lastOnPage = i === end - 1;
            if (here) {
                blocks[i].y = i === first ? 0 : y + blocks[i].gapBefore;
                y = blocks[i].y + blocks[i].height;
            }
        }
        if (foot) {
            foot.visible = true;
            foot.firstOnPage = false;
            foot.lastOnPage = true;
            foot.y = floor - foot.height;
        }
        root.used = root.split ? root.height : y;
    }
    function watch(): void {
        for (let i = 0; i < sheet.children.length; i++) {
            const block = sheet.children[i] as Block;
            if (block && root.watched.indexOf(block) < 0) {
                root.watched.push(block);
                block.heightChanged.connect(root.schedule);
                block.gapBeforeChanged.connect(root.schedule);
            }
        }
    }

    Component.onCompleted: root.arrange()
    onCurrentChanged: root.schedule()
    onHeightChanged: root.schedule()
    onWidthChanged: root.schedule()

    Timer {
        id: later

        interval: 0

        onTriggered: root.arrange()
    }
    Item {
        id: sheet

        height: root.height
        width: root.width

        onChildrenChanged: root.schedule()
    }
    Pager {
        id: pager

        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        page: root.current + 1
        pages: root.pages
        visible: root.split

        onTurned: page => {
            root.atTheEnd = root.fromTheEnd && page === root.pages;
            root.current = page - 1;
        }
    }
}
